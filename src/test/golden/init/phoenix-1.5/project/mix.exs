defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [app: :shop, version: "0.1.0", deps: [{:phoenix, "~> 1.5.9"}], releases: releases()]
  end

  # What is deployed.
  defp releases do
    [
      shop: [
        include_executables_for: [:unix],
        steps: [:assemble]
      ]
    ]
  end
end
