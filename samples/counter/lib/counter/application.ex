defmodule Counter.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    # Two ways to be a bad release, for trying out deployments.
    Process.sleep(Counter.setting(:boot_delay_ms))
    if Counter.setting(:crash) == "boot", do: raise("COUNTER_CRASH=boot: refusing to boot")

    # Children stop in reverse: first the web server, which finishes its open
    # requests, then what those requests use.
    children = [
      Counter.Visits,
      {Counter.HTTP,
       port: Counter.setting(:port),
       idle_ms: Counter.setting(:idle_ms),
       drain_ms: Counter.setting(:drain_ms)}
    ]

    Supervisor.start_link(children, strategy: :one_for_one, name: Counter.Supervisor)
  end
end
