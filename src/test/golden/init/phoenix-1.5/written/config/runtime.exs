import Config

if System.get_env("PHX_SERVER") do
  config :shop, ShopWeb.Endpoint, server: true
end

if config_env() == :prod do
  config :shop, ShopWeb.Endpoint,
    http: [port: String.to_integer(System.get_env("PORT") || "4000")]
end
