import Config

config :shop, ShopWeb.Endpoint, url: [host: "example.com", port: 80]

import_config "prod.secret.exs"
