defmodule Counter.MixProject do
  use Mix.Project

  @version "0.1.0"

  def project do
    [
      app: :counter,
      version: @version,
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      deps: [],
      releases: [
        counter: [
          include_executables_for: [:unix],
          steps: [:assemble, :tar]
        ]
      ]
    ]
  end

  def application do
    [
      mod: {Counter.Application, []},
      # p1_pgsql is the Erlang PostgreSQL driver of the Debian package
      # erlang-p1-pgsql. It is on Erlang's code path, so naming it here is all
      # `mix release` needs to copy it into the release.
      extra_applications: [:logger, :crypto, :p1_pgsql]
    ]
  end
end
