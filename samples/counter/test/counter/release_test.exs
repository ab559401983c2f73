defmodule Counter.ReleaseTest do
  # What can be said without a database.
  use ExUnit.Case, async: false

  alias Counter.{Migrations, Release}

  setup do
    on_exit(fn ->
      Application.put_env(:counter, :database_url, nil)
      Application.put_env(:counter, :migrate, nil)
    end)
  end

  test "needs DATABASE_URL" do
    assert_raise RuntimeError, "DATABASE_URL is not set", fn -> Release.migrate() end
    assert_raise RuntimeError, "DATABASE_URL is not set", fn -> Release.pending() end
  end

  test "says why it cannot connect, without the password" do
    {:ok, socket} = :gen_tcp.listen(0, ip: {127, 0, 0, 1})
    {:ok, port} = :inet.port(socket)
    :gen_tcp.close(socket)
    Application.put_env(:counter, :database_url, "postgres://me:hush@127.0.0.1:#{port}/db")

    error = assert_raise RuntimeError, fn -> Release.migrate() end
    assert error.message == "cannot connect to the database: connection refused"
  end

  test "can be made to fail" do
    Application.put_env(:counter, :migrate, "fail")
    assert_raise RuntimeError, ~r/COUNTER_MIGRATE=fail/, fn -> Release.migrate() end
  end

  test "migrations are in order, each version once" do
    versions = for {version, _name, _sql} <- Migrations.all(), do: version
    assert versions == versions |> Enum.sort() |> Enum.uniq()
  end
end
