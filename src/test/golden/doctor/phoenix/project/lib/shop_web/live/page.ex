defmodule ShopWeb.Page do
  use Phoenix.LiveView

  def render(assigns) do
    ~H"""
    <p title={@title}>It's {@count} o'clock, "about" <%= if @late do %>late<% end %></p>
    """
  end
end
