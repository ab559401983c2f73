defmodule ShopWeb.Endpoint do
  use Phoenix.Endpoint, otp_app: :shop

  socket "/live", Phoenix.LiveView.Socket, websocket: [connect_info: [:user_agent]]

  plug ShopWeb.Router
end
