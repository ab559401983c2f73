defmodule Counter.HTTP.Acceptors do
  @moduledoc """
  The processes that accept connections, and give each a process of its own.
  """
  require Logger

  alias Counter.HTTP.{Connection, Connections, Listener}

  @count 4

  # How often an acceptor without work looks whether the server is stopping. It
  # must not be killed while it waits: that could lose a connection.
  @look_up_ms 100

  def child_spec(opts) do
    %{id: __MODULE__, start: {__MODULE__, :start_link, [opts]}, type: :supervisor}
  end

  def start_link(opts) do
    {:ok, supervisor} = Task.Supervisor.start_link()
    args = [Listener.socket(), opts]

    for _ <- 1..@count do
      {:ok, _pid} =
        Task.Supervisor.start_child(supervisor, __MODULE__, :run, args, restart: :transient)
    end

    {:ok, supervisor}
  end

  @doc false
  def run(socket, opts) do
    Process.flag(:trap_exit, true)
    accept(socket, opts, false)
  end

  defp accept(socket, opts, stopping?) do
    stopping? = stopping? or told_to_stop?()

    case :gen_tcp.accept(socket, if(stopping?, do: 0, else: @look_up_ms)) do
      {:ok, client} ->
        hand_over(client, opts)
        accept(socket, opts, stopping?)

      {:error, :timeout} ->
        # When stopping: nobody is waiting any more.
        if stopping?, do: :ok, else: accept(socket, opts, stopping?)

      {:error, :closed} ->
        :ok

      {:error, reason} ->
        # Out of file descriptors, most likely: that passes.
        Logger.error("cannot accept a connection: #{:inet.format_error(reason)}")
        Process.sleep(100)
        accept(socket, opts, stopping?)
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
