import Config
config :shop, key: System.get_env("KEY")
