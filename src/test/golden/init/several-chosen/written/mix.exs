defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [
      app: :shop,
      version: "0.1.0",
      releases: [
        web: [applications: [shop: :permanent]],
        # Does what takes long.
        worker: [
          steps: [:assemble, :tar],
          include_executables_for: [:unix],
          applications: [shop: :permanent]
        ],
        tools: []
      ]
    ]
  end
end
