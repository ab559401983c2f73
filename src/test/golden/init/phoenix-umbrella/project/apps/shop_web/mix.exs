defmodule ShopWeb.MixProject do
  use Mix.Project

  def project do
    [
      app: :shop_web,
      version: "0.1.0",
      build_path: "../../_build",
      config_path: "../../config/config.exs",
      deps_path: "../../deps",
      lockfile: "../../mix.lock",
      aliases: aliases(),
      deps: [{:phoenix, "~> 1.7.14"}, {:phoenix_live_view, "~> 1.0.0"}, {:shop, in_umbrella: true}]
    ]
  end

  defp aliases do
    ["assets.deploy": ["esbuild shop_web --minify", "phx.digest"]]
  end
end
