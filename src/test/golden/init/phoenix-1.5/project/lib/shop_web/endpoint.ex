defmodule ShopWeb.Endpoint do
  use Phoenix.Endpoint, otp_app: :shop

  plug Plug.Static, at: "/", from: :shop, gzip: not code_reloading?
  plug ShopWeb.Router
end
