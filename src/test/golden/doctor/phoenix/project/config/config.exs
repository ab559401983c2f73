import Config

config :shop,
  ecto_repos: [Shop.Repo],
  generators: [timestamp_type: :utc_datetime]

config :shop, ShopWeb.Endpoint,
  url: [host: "localhost"],
  adapter: Bandit.PhoenixAdapter,
  render_errors: [formats: [html: ShopWeb.ErrorHTML, json: ShopWeb.ErrorJSON], layout: false],
  pubsub_server: Shop.PubSub,
  live_view: [signing_salt: "sAlTsAlT"]

config :esbuild,
  version: "0.17.11",
  shop: [
    args: ~w(js/app.js --bundle --target=es2017 --outdir=../priv/static/assets --external:/fonts/*),
    cd: Path.expand("../assets", __DIR__),
    env: %{"NODE_PATH" => Path.expand("../deps", __DIR__)}
  ]

config :logger, :console,
  format: "$time $metadata[$level] $message\n",
  metadata: [:request_id]

# At the end, so that it goes before what stands above.
import_config "#{config_env()}.exs"
