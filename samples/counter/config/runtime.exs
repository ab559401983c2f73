# Read when the app boots, and by `bin/counter eval`. Nothing here is baked into
# the release, so the same archive runs anywhere.
import Config

if config_env() == :test do
  # Tests ignore the environment and take any free port.
  config :counter,
    port: 0,
    listen_fd: nil,
    idle_ms: 500,
    drain_ms: 5_000,
    drain_file: nil,
    notify_socket: nil,
    boot_delay_ms: 0,
    secret: "test secret",
    database_url: nil,
    health: nil,
    crash: nil,
    migrate: nil
else
  # systemd's `Environment=NAME=` sets an empty value: read it as "not set".
  setting = fn name ->
    case System.get_env(name) do
      "" -> nil
      value -> value
    end
  end

  integer = fn name, default ->
    value = setting.(name) || default

    case Integer.parse(value) do
      {number, ""} when number >= 0 -> number
      _ -> raise "#{name} must be a whole number, got: #{inspect(value)}"
    end
  end

  # A socket unit's socket is file descriptor 3: see sd_listen_fds(3).
  ours? = setting.("LISTEN_PID") in [nil, System.pid()]
  listen_fd = if ours? and integer.("LISTEN_FDS", "0") > 0, do: 3

  config :counter,
    # Beside a socket that several instances share, only if it was asked for.
    port: if(listen_fd && !setting.("PORT"), do: nil, else: integer.("PORT", "4000")),
    listen_fd: listen_fd,
    idle_ms: 15_000,
    drain_ms: integer.("DRAIN_MS", "10000"),
    drain_file: setting.("DRAIN_FILE"),
    notify_socket: setting.("NOTIFY_SOCKET"),
    boot_delay_ms: integer.("COUNTER_BOOT_DELAY_MS", "0"),
    database_url: setting.("DATABASE_URL"),
    health: setting.("COUNTER_HEALTH"),
    crash: setting.("COUNTER_CRASH"),
    migrate: setting.("COUNTER_MIGRATE")

  if config_env() == :prod do
    # At :debug a crash report would print the crashed process's whole state,
    # which for a database connection includes its password.
    config :logger, level: :info

    # No default: a release without its secret must not boot.
    config :counter, secret: System.fetch_env!("COUNTER_SECRET")
  else
    config :counter, secret: System.get_env("COUNTER_SECRET", "not a secret")
  end
end
