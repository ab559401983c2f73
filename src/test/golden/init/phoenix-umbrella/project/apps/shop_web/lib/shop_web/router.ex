defmodule ShopWeb.Router do
  use Phoenix.Router

  get "/healthz", ShopWeb.HealthController, :show
end
