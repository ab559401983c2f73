defmodule Shop.Mailer do
  @moduledoc """
  Sends mail from `System.get_env("MAIL_FROM")`.
  """

  @from System.get_env("MAIL_FROM", "shop@example.com")

  def from, do: @from
end
