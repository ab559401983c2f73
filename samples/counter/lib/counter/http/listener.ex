defmodule Counter.HTTP.Listener do
  @moduledoc "Owns the listening socket: the port is open as long as this process lives."
  use GenServer
  require Logger

  alias Counter.HTTP.Connections

  @options [
    :binary,
    active: false,
    reuseaddr: true,
    nodelay: true,
    backlog: 1024,
    send_timeout: 10_000,
    send_timeout_close: true
  ]

  def start_link(opts), do: GenServer.start_link(__MODULE__, opts, name: __MODULE__)

  @doc "The listening socket, to accept connections from."
  def socket, do: GenServer.call(__MODULE__, :socket)

  @doc "The port really listened on, which differs from the setting if that is 0."
  def port do
    {:ok, port} = :inet.port(socket())
    port
  end

  @impl true
  def init(opts) do
    # So that terminate/2 is called.
    Process.flag(:trap_exit, true)
    port = Keyword.fetch!(opts, :port)

    case listen(port) do
      {:ok, socket} ->
        {:ok, port} = :inet.port(socket)
        Logger.info("counter #{Counter.version()} listening on port #{port}")
        {:ok, socket}

      {:error, reason} ->
        Logger.error("cannot listen on port #{port}: #{:inet.format_error(reason)}")
        {:stop, reason}
    end
  end

  @impl true
  def handle_call(:socket, _from, socket), do: {:reply, socket, socket}

  @impl true
  def terminate(_reason, socket) do
    :gen_tcp.close(socket)
    open = length(Task.Supervisor.children(Connections))
    Logger.info("stopped listening, connections still open: #{open}")
  end

  # One IPv6 socket serves IPv4 as well, unless the machine has no IPv6.
  defp listen(port) do
    case :gen_tcp.listen(port, [:inet6, {:ipv6_v6only, false} | @options]) do
      {:error, reason} when reason not in [:eaddrinuse, :eacces] ->
        :gen_tcp.listen(port, [:inet | @options])

      result ->
        result
    end
  end
end
