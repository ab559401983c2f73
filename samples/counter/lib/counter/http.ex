defmodule Counter.HTTP do
  @moduledoc """
  A small HTTP/1.1 server. A real app would use Bandit or Cowboy; what matters
  here is the order in which the parts stop:

    1. the acceptors take the connections that are already waiting, and end;
    2. the listener closes the port, so new connections are refused;
    3. the connections finish the request they are in, for `drain_ms` at most.
       Streams say goodbye, one after the other, in the first half of that time.

  The server can also be given a listening socket that it shares with other
  instances. Connections that wait in it are left to those, and it stays open.

  Options: `:port`, `:listen_fd` (the file descriptor of a listening socket), of
  which one may be nil; `:idle_ms` (how long a connection may take to send its
  next request) and `:drain_ms`.
  """
  use Supervisor

  alias Counter.HTTP.{Acceptors, Connections, Listener}

  # Far more than the sample is ever asked for, and below the number of files that
  # systemd lets a service open.
  @max_connections 20_000

  def start_link(opts), do: Supervisor.start_link(__MODULE__, opts, name: __MODULE__)

  @impl true
  def init(opts) do
    # Stopped in reverse.
    children = [
      {Task.Supervisor, name: Connections, max_children: @max_connections},
      {Listener, opts},
      {Acceptors, opts}
    ]

    Supervisor.init(children, strategy: :rest_for_one)
  end
end
