defmodule Counter.SystemdNotify do
  @moduledoc """
  Tells systemd when the app is ready and when it stops, as `Type=notify` has it: see
  sd_notify(3). Does nothing where systemd does not ask for it.
  """
  use GenServer

  def start_link(path), do: GenServer.start_link(__MODULE__, path)

  @impl true
  def init(nil), do: :ignore

  def init(path) do
    # So that terminate/2 is called.
    Process.flag(:trap_exit, true)
    :ok = notify(path, "READY=1")
    {:ok, path}
  end

  @impl true
  def terminate(_reason, path), do: notify(path, "STOPPING=1")

  defp notify("@" <> abstract, state), do: notify(<<0, abstract::binary>>, state)

  defp notify(path, state) do
    {:ok, socket} = :gen_udp.open(0, [:local])
    result = :gen_udp.send(socket, {:local, path}, 0, state)
    :gen_udp.close(socket)
    result
  end
end
