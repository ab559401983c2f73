defmodule ShopWeb.Router do
  get "/healthz", ShopWeb.HealthController, :show
end
