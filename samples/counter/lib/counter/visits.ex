defmodule Counter.Visits do
  @moduledoc """
  Counts visits in the database.

  The connection is opened by the first visit, and again after it was lost, so
  the app boots and serves its other pages whether or not there is a database.
  """
  use GenServer

  alias Counter.Postgres

  # Longer than it can take to connect and to run the query.
  @call_timeout 30_000

  def start_link(_opts), do: GenServer.start_link(__MODULE__, nil, name: __MODULE__)

  @doc "Records a visit and returns how many there have been."
  @spec record() :: {:ok, pos_integer()} | {:error, String.t()}
  def record, do: GenServer.call(__MODULE__, :record, @call_timeout)

  @impl true
  def init(nil) do
    # Losing the connection is no reason to crash.
    Process.flag(:trap_exit, true)
    {:ok, nil}
  end

  @impl true
  def handle_call(:record, _from, conn) do
    case connected(conn) do
      {:ok, conn} -> insert(conn)
      error -> {:reply, error, nil}
    end
  end

  @impl true
  def handle_info({:EXIT, conn, _reason}, conn), do: {:noreply, nil}
  def handle_info(_message, conn), do: {:noreply, conn}

  defp connected(nil) do
    case Counter.setting(:database_url) do
      nil -> {:error, "DATABASE_URL is not set"}
      url -> Postgres.connect(url)
    end
  end

  defp connected(conn), do: {:ok, conn}

  defp insert(conn) do
    sql = "INSERT INTO visits DEFAULT VALUES; SELECT count(*) FROM visits"

    case Postgres.query(conn, sql) do
      {:ok, [[count]]} ->
        {:reply, {:ok, String.to_integer(count)}, conn}

      error ->
        # There is no telling what state the connection is in.
        Postgres.close(conn)
        {:reply, error, nil}
    end
  end
end
