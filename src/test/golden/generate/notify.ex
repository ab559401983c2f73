defmodule ShopWeb.Systemd do
  @moduledoc """
  Tells systemd that the app is ready, that it is alive, and that it stops: see
  sd_notify(3). Printed by `decant generate notify`; it needs no dependency.

  It belongs at the end of the supervision tree, so that it starts when all else
  runs, and is the first to stop:

      children = [
        ...,
        ShopWeb.Systemd
      ]

  In decant.toml, `health.check = "notify"` has systemd wait for its word, and
  `service.watchdog = "30s"` has it restart a VM that does not say in time that it
  is alive. Where nobody asks, as in development, it does nothing.
  """
  use GenServer

  # In microseconds.
  @day 86_400_000_000

  def start_link(_options), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  @impl true
  def init(_options) do
    case System.get_env("NOTIFY_SOCKET") do
      nobody when nobody in [nil, ""] ->
        :ignore

      path ->
        # So that terminate/2 is called.
        Process.flag(:trap_exit, true)
        {:ok, socket} = :gen_udp.open(0, [:local, active: false])
        state = %{socket: socket, address: {:local, address(path)}, every: every()}
        :ok = notify(state, "READY=1")
        {:ok, state, {:continue, :alive}}
    end
  end

  @impl true
  def handle_continue(:alive, state), do: alive(state)

  @impl true
  def handle_info(:alive, state), do: alive(state)
  def handle_info(_other, state), do: {:noreply, state}

  # systemd would take a VM that is silent while it finishes its requests for stuck.
  # From here on TimeoutStopSec is all the time that there is.
  @impl true
  def terminate(_reason, %{every: nil} = state), do: notify(state, "STOPPING=1")
  def terminate(_reason, state), do: notify(state, "STOPPING=1\nWATCHDOG_USEC=#{@day}")

  defp alive(%{every: nil} = state), do: {:noreply, state}

  defp alive(state) do
    # systemd may be too busy to listen: then once more, and soon.
    next = if notify(state, "WATCHDOG=1") == :ok, do: state.every, else: 100
    Process.send_after(self(), :alive, next)
    {:noreply, state}
  end

  # In milliseconds, twice as often as systemd wants it; nil where it does not, or
  # not of this process.
  defp every do
    with true <- System.get_env("WATCHDOG_PID") in [nil, "", System.pid()],
         {microseconds, ""} when microseconds > 0 <-
           Integer.parse(System.get_env("WATCHDOG_USEC") || "") do
      max(div(microseconds, 2_000), 1)
    else
      _ -> nil
    end
  end

  # The abstract namespace of Linux, unix(7).
  defp address("@" <> name), do: <<0, name::binary>>
  defp address(path), do: path

  defp notify(state, what), do: :gen_udp.send(state.socket, state.address, 0, what)
end
