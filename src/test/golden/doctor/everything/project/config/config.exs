import Config

config :shop, ShopWeb.Endpoint,
  adapter: Bandit.PhoenixAdapter,
  render_errors: [formats: [html: ShopWeb.ErrorHTML]]

# The assets, when they are built.
config :esbuild, path: System.get_env("MIX_ESBUILD_PATH")

import_config "#{config_env()}.exs"
