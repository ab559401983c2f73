import Config

config :shop, Shop.Repo, url: System.get_env("DEV_DATABASE_URL")
