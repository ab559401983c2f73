defmodule Counter.Postgres do
  @moduledoc """
  The little of PostgreSQL this app needs, on top of Debian's `p1_pgsql` driver.

  Errors come back as text fit for a user. The driver's own error terms must not
  be printed: they can hold the password.
  """

  # The driver is left out where it is not installed: see mix.exs.
  @compile {:no_warn_undefined, :pgsql}

  @timeout 5_000

  @doc """
  Opens a connection to a `postgres://user:pass@host:port/db` URL.

  The connection is linked to the calling process: it never outlives it.
  """
  @spec connect(String.t()) :: {:ok, pid()} | {:error, String.t()}
  def connect(url) do
    with {:ok, options} <- parse_url(url) do
      case :pgsql.connect([as_binary: true, connect_timeout: @timeout] ++ options) do
        {:ok, conn} ->
          Process.link(conn)
          {:ok, conn}

        {:error, reason} ->
          {:error, "cannot connect to the database: #{connect_error(reason)}"}
      end
    end
  end

  @doc "Runs one or more SQL statements, and returns the rows of the last one."
  @spec query(pid(), String.t(), timeout()) :: {:ok, [[binary() | :null]]} | {:error, String.t()}
  def query(conn, sql, timeout \\ @timeout) do
    {:ok, results} = :pgsql.squery(conn, sql, timeout)

    case List.last(results) do
      {:error, fields} -> {:error, server_error(fields)}
      {_command, _columns, rows} -> {:ok, rows}
      _command -> {:ok, []}
    end
  catch
    :exit, {:timeout, _call} -> {:error, "the database did not answer in #{timeout} ms"}
    :exit, _reason -> {:error, "the connection to the database was lost"}
  end

  @doc "Closes a connection, whatever it is doing."
  @spec close(pid()) :: :ok
  def close(conn) do
    # Not :pgsql.terminate/1, which leaves the process behind the socket running.
    Process.unlink(conn)
    Process.exit(conn, :shutdown)
    :ok
  end

  @doc "Turns a URL into options for `:pgsql.connect/1`."
  @spec parse_url(String.t()) :: {:ok, keyword()} | {:error, String.t()}
  def parse_url(url) do
    with {:ok, %URI{scheme: scheme, host: host, userinfo: userinfo, path: "/" <> database} = uri}
         when scheme in ["postgres", "postgresql"] and host not in [nil, ""] <- URI.new(url),
         [user | password] when user != "" <- String.split(userinfo || "", ":", parts: 2),
         true <- database != "" do
      {:ok,
       host: to_charlist(host),
       port: uri.port || 5432,
       user: URI.decode(user),
       password: password |> Enum.join() |> URI.decode(),
       database: URI.decode(database)}
    else
      _ -> {:error, "DATABASE_URL must look like postgres://user:pass@host:port/db"}
    end
  end

  defp connect_error({:init, {:error, reason}}), do: :inet.format_error(reason)
  defp connect_error({:authentication, [{_, _} | _] = fields}), do: server_error(fields)
  defp connect_error({:error_response, fields}), do: server_error(fields)
  defp connect_error(_reason), do: "login failed"

  defp server_error(fields), do: Keyword.get(fields, :message, "unknown error")
end
