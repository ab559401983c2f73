defmodule ShopWeb.Endpoint do
  use Phoenix.Endpoint, otp_app: :shop_web

  plug Plug.Static, at: "/", from: :shop_web, gzip: not code_reloading?
  plug ShopWeb.Router
end
