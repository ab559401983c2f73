defmodule @MODULE@ do
  @moduledoc """
  Stops the app when a file is touched, so that systemd starts it again. Printed by
  `decant generate restart-flag`; it needs no dependency.

  For people and programs that may write a file and no more. It goes anywhere into
  the supervision tree:

      children = [
        @MODULE@,
        ...
      ]

  In decant.toml, `service.restart_flag = true` makes the folder of the file, tells
  the app its name as RESTART_FLAG, and has systemd start again what has stopped.
  Where there is no RESTART_FLAG, as in development, it does nothing.
  """
  use GenServer

  # In milliseconds.
  @every 1_000
  # systemd gives up on what it has to start more than five times in a minute.
  @youth 15_000

  def start_link(_options), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  @impl true
  def init(_options) do
    case System.get_env("RESTART_FLAG") do
      none when none in [nil, ""] ->
        :ignore

      flag ->
        {uptime, _} = :erlang.statistics(:wall_clock)
        look_after(max(@youth - uptime, 0))
        {:ok, %{flag: flag, known: known(flag, uptime)}}
    end
  end

  @impl true
  def handle_info(:look, %{flag: flag, known: known} = state) do
    case touched(flag) do
      time when time in [nil, known] ->
        look_after(@every)

      _ ->
        :logger.notice("Stopping to be started again: ~ts was touched", [flag])
        System.stop()
    end

    {:noreply, state}
  end

  def handle_info(_other, state), do: {:noreply, state}

  defp look_after(milliseconds), do: Process.send_after(self(), :look, milliseconds)

  # The flag stays where it is, as the app may not be allowed to delete it. What was
  # touched before this VM started, or in a future that a wrong clock has shown, was
  # not meant for it: else it would stop again and again.
  defp known(flag, uptime) do
    now = System.os_time(:second)
    time = touched(flag)
    if time != nil and time >= now - div(uptime, 1_000) and time <= now, do: nil, else: time
  end

  defp touched(flag) do
    case File.lstat(flag, time: :posix) do
      {:ok, %{mtime: time}} -> time
      _ -> nil
    end
  end
end
