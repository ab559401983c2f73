defmodule Parts.MixProject do
  use Mix.Project
  def project, do: [app: :parts, version: "0.1.0", deps: [{:jason, "~> 1.0"}]]
end
