defmodule Counter.Greeting do
  @moduledoc "What `GET /greeting` says."

  def text, do: "Hello from Counter"
end
