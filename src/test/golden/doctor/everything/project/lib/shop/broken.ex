defmodule Shop.Broken do
  def a, do: (1
end
