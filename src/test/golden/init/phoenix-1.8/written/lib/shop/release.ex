defmodule Shop.Release do
  @moduledoc """
  What is done with a database where there is no Mix: in a release.
  """

  @app :shop

  def migrate do
    for repo <- repos() do
      {:ok, _, _} = Ecto.Migrator.with_repo(repo, &Ecto.Migrator.run(&1, :up, all: true))
    end
  end

  def rollback(repo, version) do
    load()
    {:ok, _, _} = Ecto.Migrator.with_repo(repo, &Ecto.Migrator.run(&1, :down, to: version))
  end

  defp repos do
    load()
    Application.fetch_env!(@app, :ecto_repos)
  end

  defp load do
    # Databases are often reached by TLS only.
    Application.ensure_all_started(:ssl)
    Application.ensure_loaded(@app)
  end
end
