defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [
      app: :shop,
      version: "0.1.0",
      # releases: [shop: [steps: [:assemble, :tar]]],
      releases: [shop: [include_erts: false, steps: [:assemble]]],
      aliases: ["assets.deploy": ["esbuild default --minify"]],
      deps: [{:phoenix, "~> 1.7"}, {:bandit, "~> 1.5"}, {:phoenix_live_dashboard, "~> 0.8"}]
    ]
  end

  def application do
    [mod: {Shop.Application, []}, extra_applications: [:logger, :os_mon]]
  end
end
