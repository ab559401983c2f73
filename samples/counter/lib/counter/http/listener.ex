defmodule Counter.HTTP.Listener do
  @moduledoc """
  Owns the listening sockets: the port is open as long as this process lives. A socket
  that was passed on to this VM stays open with those who passed it.
  """
  use GenServer
  require Logger

  alias Counter.HTTP.Connections

  @options [
    :binary,
    active: false,
    reuseaddr: true,
    nodelay: true,
    backlog: 4096,
    send_timeout: 10_000,
    send_timeout_close: true
  ]

  def start_link(opts), do: GenServer.start_link(__MODULE__, opts, name: __MODULE__)

  @doc "The listening sockets, to accept connections from."
  @spec sockets() :: [{:own | :shared, :gen_tcp.socket()}]
  def sockets, do: GenServer.call(__MODULE__, :sockets)

  @doc "The port really listened on, which differs from the setting if that is 0."
  def port do
    {:ok, port} = :inet.port(Keyword.fetch!(sockets(), :own))
    port
  end

  @impl true
  def init(opts) do
    # So that terminate/2 is called.
    Process.flag(:trap_exit, true)
    wanted = [own: Keyword.fetch!(opts, :port), shared: Keyword.fetch!(opts, :listen_fd)]
    listen_all(Enum.reject(wanted, fn {_kind, where} -> where == nil end), [])
  end

  @impl true
  def handle_call(:sockets, _from, sockets), do: {:reply, sockets, sockets}

  @impl true
  def terminate(_reason, sockets) do
    for {_kind, socket} <- sockets, do: :gen_tcp.close(socket)
    open = length(Task.Supervisor.children(Connections))
    Logger.info("stopped listening, connections still open: #{open}")
  end

  defp listen_all([], sockets), do: {:ok, sockets}

  defp listen_all([{kind, where} | rest], sockets) do
    case listen(kind, where) do
      {:ok, socket} ->
        {:ok, port} = :inet.port(socket)
        Logger.info("counter #{Counter.version()} listening on port #{port}#{note(kind)}")
        listen_all(rest, [{kind, socket} | sockets])

      {:error, reason} ->
        what = if kind == :own, do: "port", else: "file descriptor"
        Logger.error("cannot listen on #{what} #{where}: #{:inet.format_error(reason)}")
        {:stop, reason}
    end
  end

  # One IPv6 socket serves IPv4 as well, unless the machine has no IPv6.
  defp listen(:own, port) do
    case :gen_tcp.listen(port, [:inet6, {:ipv6_v6only, false} | @options]) do
      {:error, reason} when reason not in [:eaddrinuse, :eacces] ->
        :gen_tcp.listen(port, [:inet | @options])

      result ->
        result
    end
  end

  # Which addresses and which port was up to whoever opened it. It has to be a
  # non-blocking one, also when others are given it later: see README.md.
  defp listen(:shared, fd), do: :gen_tcp.listen(0, [:inet6, {:fd, fd} | @options])

  defp note(:own), do: ""
  defp note(:shared), do: ", with others"
end
