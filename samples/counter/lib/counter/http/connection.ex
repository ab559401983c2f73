defmodule Counter.HTTP.Connection do
  @moduledoc """
  Serves the requests of one connection, one after another.

  The supervisor's exit signal means "the server is stopping". As the process
  traps exits, the signal is a message it looks at when it suits: a request in
  progress is answered, with `connection: close`, and an idle connection closes
  after a moment. For streams see `Counter.HTTP.Stream`.
  """
  require Logger

  alias Counter.HTTP.{Request, Response, Stream}

  # While stopping, how long to wait for a request that may be on its way.
  @last_request_ms 500

  # How long to go on reading from a client that was refused.
  @linger_ms 1_000

  defstruct [:socket, :idle_ms, :drain_ms, :deadline, buffer: "", stopping?: false]

  @doc "Serves `socket`, once the acceptor has made this process its owner."
  def serve(socket, opts) do
    Process.flag(:trap_exit, true)

    receive do
      {:yours, ^socket} -> :ok
    end

    conn = %__MODULE__{
      socket: socket,
      idle_ms: Keyword.fetch!(opts, :idle_ms),
      drain_ms: Keyword.fetch!(opts, :drain_ms)
    }

    conn |> restart_clock() |> next_request()
  end

  defp next_request(conn) do
    case Request.parse(conn.buffer) do
      {:ok, request, rest} -> handle(request, %{conn | buffer: rest})
      :incomplete -> read(conn)
      {:error, status} -> refuse(conn, status)
    end
  end

  defp read(%{socket: socket} = conn) do
    :inet.setopts(socket, active: :once)

    receive do
      {:tcp, ^socket, data} -> next_request(%{conn | buffer: conn.buffer <> data})
      {:tcp_closed, ^socket} -> :ok
      {:tcp_error, ^socket, _reason} -> close(conn)
      {:EXIT, pid, _reason} when is_pid(pid) -> conn |> stopping() |> read()
    after
      max(conn.deadline - now(), 0) ->
        if conn.buffer == "", do: close(conn), else: refuse(conn, 408)
    end
  end

  defp handle(request, conn) do
    answer = answer(request)
    conn = check_stopping(conn)
    send_answer(answer, request, conn)
  end

  defp send_answer({:stream, stream}, %{method: "GET"}, conn) do
    Stream.run(%Stream{stream | socket: conn.socket, drain_ms: conn.drain_ms}, conn.stopping?)
    close(conn)
  end

  defp send_answer({:stream, _stream}, request, conn), do: send_answer({200, ""}, request, conn)

  defp send_answer({status, body}, request, conn) do
    close? = conn.stopping? or not request.keep_alive?
    body? = request.body?

    case Response.send(conn.socket, status, body, close: close?, head: request.method == "HEAD") do
      :ok when close? and body? -> linger(conn)
      :ok when not close? -> conn |> restart_clock() |> next_request()
      _ -> close(conn)
    end
  end

  defp answer(%Request{method: method} = request) when method in ["GET", "HEAD"] do
    Counter.Router.call(request)
  catch
    kind, reason ->
      Logger.error(Exception.format(kind, reason, __STACKTRACE__))
      {500, "internal server error\n"}
  end

  defp answer(_request), do: {405, "only GET and HEAD are supported\n"}

  defp refuse(conn, status) do
    Response.send(conn.socket, status, [Response.reason(status), ?\n], close: true)
    linger(conn)
  end

  # Closing a socket that has unread data resets the connection, and the client
  # might never see the answer. So first let it finish sending.
  defp linger(conn) do
    :gen_tcp.shutdown(conn.socket, :write)
    discard(conn, now() + @linger_ms)
  end

  defp discard(%{socket: socket} = conn, deadline) do
    :inet.setopts(socket, active: :once)

    receive do
      {:tcp, ^socket, _data} -> discard(conn, deadline)
      {:tcp_closed, ^socket} -> :ok
      {:tcp_error, ^socket, _reason} -> close(conn)
    after
      max(deadline - now(), 0) -> close(conn)
    end
  end

  defp close(conn), do: :gen_tcp.close(conn.socket)

  defp stopping(conn) do
    %{conn | stopping?: true, deadline: min(conn.deadline, now() + @last_request_ms)}
  end

  defp check_stopping(conn) do
    receive do
      {:EXIT, pid, _reason} when is_pid(pid) -> stopping(conn)
    after
      0 -> conn
    end
  end

  defp restart_clock(conn), do: %{conn | deadline: now() + conn.idle_ms}

  defp now, do: System.monotonic_time(:millisecond)
end
