import Config

if config_env() == :prod do
  database_url =
    System.get_env("DATABASE_URL") ||
      raise """
      DATABASE_URL is missing, as in System.fetch_env!("DATABASE")
      """

  config :shop, Shop.Repo, url: database_url

  config :shop, ShopWeb.Endpoint,
    http: [
      port: String.to_integer(System.get_env("PORT") || "4000"),
      protocol_options: [max_keepalive: 5_000_000],
      thousand_island_options: [num_connections: 1_000, shutdown_timeout: :timer.seconds(60)]
    ]

  config :shop, mail_key: System.fetch_env!("MAIL_KEY")

  if System.get_env("SMS") do
    config :shop, sms_key: System.fetch_env!("SMS_KEY")
  end

  flags = Req.get!("https://flags.example.com").body
  config :shop, flags: flags
end
