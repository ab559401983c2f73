defmodule Counter.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    # Two ways to be a bad release, for trying out deployments.
    Process.sleep(Counter.setting(:boot_delay_ms))
    if Counter.setting(:crash) == "boot", do: raise("COUNTER_CRASH=boot: refusing to boot")

    # Children start in order and stop in reverse. So systemd hears of a web server
    # that is there already, and that is still there; and the web server finishes its
    # open requests before what those requests use stops.
    children = [
      Counter.Visits,
      {Counter.HTTP,
       port: Counter.setting(:port),
       listen_fd: Counter.setting(:listen_fd),
       idle_ms: Counter.setting(:idle_ms),
       drain_ms: Counter.setting(:drain_ms)},
      {Counter.SystemdNotify, Counter.setting(:notify_socket)}
    ]

    Supervisor.start_link(children, strategy: :one_for_one, name: Counter.Supervisor)
  end
end
