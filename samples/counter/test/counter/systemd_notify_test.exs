defmodule Counter.SystemdNotifyTest do
  use ExUnit.Case, async: true

  alias Counter.SystemdNotify

  test "says when the app is ready, and when it stops" do
    path = Path.join(System.tmp_dir!(), "counter-notify-#{System.unique_integer([:positive])}")
    {:ok, systemd} = :gen_udp.open(0, [:binary, ifaddr: {:local, path}, active: false])
    on_exit(fn -> File.rm(path) end)

    start_supervised!({SystemdNotify, path})
    assert {:ok, {_, _, "READY=1"}} = :gen_udp.recv(systemd, 0, 1_000)
    stop_supervised!(SystemdNotify)
    assert {:ok, {_, _, "STOPPING=1"}} = :gen_udp.recv(systemd, 0, 1_000)
  end

  test "says nothing where nobody asks" do
    assert SystemdNotify.start_link(nil) == :ignore
  end
end
