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
      extra_applications: [:logger, :crypto] ++ driver()
    ]
  end

  # p1_pgsql is the Erlang PostgreSQL driver of the Debian package erlang-p1-pgsql.
  # It is on Erlang's code path, so naming it is all that `mix release` needs to copy
  # it into the release. Where it is not installed, the app has no database.
  defp driver do
    if is_list(:code.lib_dir(:p1_pgsql)), do: [:p1_pgsql], else: []
  end
end
