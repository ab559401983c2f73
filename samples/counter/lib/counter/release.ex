defmodule Counter.Release do
  @moduledoc """
  Tasks to run in a release, where there is no Mix:

      bin/counter eval "Counter.Release.migrate()"
      bin/counter eval "Counter.Release.pending()"

  `eval` starts no application, so each task starts what it needs.
  """

  alias Counter.{Migrations, Postgres}

  # Any number will do, as long as nothing else in the database uses it.
  @lock 4_000_001

  @doc """
  Runs the pending migrations, each in its own transaction.

  Safe to run from several machines at once: they queue for a lock.
  """
  def migrate do
    load()

    if Counter.setting(:migrate) == "fail",
      do: raise("COUNTER_MIGRATE=fail: refusing to migrate")

    with_connection(fn conn ->
      # Held until the connection closes. Whoever has it may take its time.
      query!(conn, "SELECT pg_advisory_lock(#{@lock})", :infinity)

      query!(conn, """
      CREATE TABLE IF NOT EXISTS schema_migrations (
        version bigint PRIMARY KEY,
        inserted_at timestamptz NOT NULL DEFAULT now()
      )
      """)

      case pending_migrations(conn) do
        [] -> IO.puts("Migrations already up")
        migrations -> Enum.each(migrations, &run(conn, &1))
      end
    end)
  end

  @doc "Prints the pending migrations, and changes nothing."
  def pending do
    load()

    with_connection(fn conn ->
      case pending_migrations(conn) do
        [] -> IO.puts("Migrations already up")
        migrations -> for {version, name, _} <- migrations, do: IO.puts("#{version} #{name}")
      end
    end)

    :ok
  end

  defp load do
    {:ok, _} = Application.ensure_all_started(:logger)
    {:ok, _} = Application.ensure_all_started(:p1_pgsql)
    {:ok, _} = Application.ensure_all_started(:crypto)

    case Application.load(:counter) do
      :ok -> :ok
      {:error, {:already_loaded, :counter}} -> :ok
    end
  end

  defp with_connection(fun) do
    url = Counter.setting(:database_url) || raise "DATABASE_URL is not set"

    # A lost connection is reported by the query it interrupts.
    trap_exit? = Process.flag(:trap_exit, true)

    case Postgres.connect(url) do
      {:ok, conn} ->
        try do
          fun.(conn)
        after
          Postgres.close(conn)
          Process.flag(:trap_exit, trap_exit?)
        end

      {:error, message} ->
        raise message
    end
  end

  defp pending_migrations(conn) do
    # The table is missing from a new database.
    done =
      case query!(conn, "SELECT to_regclass('schema_migrations')") do
        [[:null]] -> []
        [[_name]] -> query!(conn, "SELECT version FROM schema_migrations")
      end

    done = MapSet.new(done, fn [version] -> String.to_integer(version) end)
    Enum.reject(Migrations.all(), fn {version, _, _} -> version in done end)
  end

  defp run(conn, {version, name, sql}) do
    IO.puts("== Running #{version} #{name}")
    started = System.monotonic_time(:millisecond)

    # The driver rolls the transaction back when a statement fails.
    with {:ok, _} <- Postgres.query(conn, "BEGIN"),
         {:ok, _} <- Postgres.query(conn, sql, :infinity),
         {:ok, _} <-
           Postgres.query(conn, "INSERT INTO schema_migrations (version) VALUES (#{version})"),
         {:ok, _} <- Postgres.query(conn, "COMMIT") do
      seconds = (System.monotonic_time(:millisecond) - started) / 1000
      IO.puts("== Migrated #{version} in #{Float.round(seconds, 1)}s")
    else
      {:error, message} -> raise "migration #{version} #{name} failed: #{message}"
    end
  end

  defp query!(conn, sql, timeout \\ 5_000) do
    case Postgres.query(conn, sql, timeout) do
      {:ok, rows} -> rows
      {:error, message} -> raise message
    end
  end
end
