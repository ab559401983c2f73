import Config

config :shop, ShopWeb.Endpoint, cache_static_manifest: "priv/static/cache_manifest.json"
config :swoosh, api_client: Swoosh.ApiClient.Finch, finch_name: Shop.Finch
config :logger, level: :info
