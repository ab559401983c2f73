defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [app: :shop, version: "0.1.0", deps: deps(Mix.env())]
  end

  defp deps(env) do
    [
      {:plug, "~> 1.15"},
      {:jason, json_version()}
    ] ++ more(env)
  end

  defp more(:dev), do: [{:old, "~> 0.1"}]
  defp more(_), do: []
end
