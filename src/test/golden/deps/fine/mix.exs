defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [app: :shop, version: "0.1.0", elixir: "~> 1.14", deps: deps()]
  end

  defp deps do
    [
      {:plug, "~> 1.15"},
      # {:old, "~> 0.1"},
      {:jason, "~> 1.4", only: [:dev, :test]}
    ]
  end
end
