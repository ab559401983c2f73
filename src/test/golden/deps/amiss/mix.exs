defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [app: :shop, version: "0.1.0", elixir: "~> 1.14", deps: deps()]
  end

  defp deps do
    [
      {:phoenix, "~> 1.7.11"},
      {:plug, "~> 1.15"},
      {:jason, "~> 1.4"},
      {:bandit, "~> 1.5"},
      {:telemetry, "~> 1.0"},
      {:heroicons,
       github: "tailwindlabs/heroicons", tag: "v2.1.1", sparse: "optimized", app: false, compile: false},
      {:hackney, git: "https://github.com/benoitc/hackney.git", branch: "master"},
      {:shared, path: "../shared"},
      {:parts, path: "parts"}
    ]
  end
end
