defmodule Counter.HTTP.Acceptors do
  @moduledoc """
  The processes that accept connections, and give each a process of its own.

  When the server stops, those of its own port first take all that wait there, as
  closing the port would reset them. Those of a shared socket just end.
  """
  require Logger

  alias Counter.HTTP.{Connection, Connections, Listener}

  @count_per_socket 4

  # How often an acceptor without work looks whether the server is stopping. It
  # must not be killed while it waits: that could lose a connection.
  @look_up_ms 100

  def child_spec(opts) do
    %{id: __MODULE__, start: {__MODULE__, :start_link, [opts]}, type: :supervisor}
  end

  def start_link(opts) do
    {:ok, supervisor} = Task.Supervisor.start_link()

    for {kind, socket} <- Listener.sockets(), _ <- 1..@count_per_socket do
      args = [kind, socket, opts]

      {:ok, _pid} =
        Task.Supervisor.start_child(supervisor, __MODULE__, :run, args, restart: :transient)
    end

    {:ok, supervisor}
  end

  @doc false
  def run(kind, socket, opts) do
    Process.flag(:trap_exit, true)
    accept_until_told(kind, socket, opts)
  end

  defp accept_until_told(kind, socket, opts) do
    cond do
      not told_to_stop?() ->
        if accept(socket, @look_up_ms, opts) != :closed, do: accept_until_told(kind, socket, opts)

      kind == :own ->
        accept_waiting(socket, opts)

      kind == :shared ->
        :ok
    end
  end

  defp accept_waiting(socket, opts) do
    if accept(socket, 0, opts) == :ok, do: accept_waiting(socket, opts)
  end

  defp accept(socket, timeout, opts) do
    case :gen_tcp.accept(socket, timeout) do
      {:ok, client} ->
        hand_over(client, opts)

      {:error, reason} when reason in [:timeout, :closed] ->
        reason

      {:error, reason} ->
        # Out of file descriptors, most likely: that passes.
        Logger.error("cannot accept a connection: #{:inet.format_error(reason)}")
        Process.sleep(100)
    end
  end

  defp hand_over(client, opts) do
    # When the server stops, the supervisor tells the connections, and kills those
    # that are still there after `shutdown`. Connection does the rest.
    start = [shutdown: Keyword.fetch!(opts, :drain_ms)]

    case Task.Supervisor.start_child(Connections, Connection, :serve, [client, opts], start) do
      {:ok, pid} ->
        :gen_tcp.controlling_process(client, pid)
        send(pid, {:yours, client})
        :ok

      {:error, reason} ->
        Logger.error("cannot serve a connection: #{inspect(reason)}")
        :gen_tcp.close(client)
    end
  end

  defp told_to_stop? do
    receive do
      {:EXIT, pid, _reason} when is_pid(pid) -> true
    after
      0 -> false
    end
  end
end
