defmodule Counter.HTTP.Stream do
  @moduledoc """
  A response that goes on for long, as a websocket would: a line every now and then.

  When the server stops, a stream picks a moment in the first half of the drain time
  and says goodbye then. All at once would have all clients come back at once.
  """

  alias Counter.HTTP.Response

  defstruct [:ms, :every, :line, :socket, :drain_ms]

  @type t :: %__MODULE__{
          ms: non_neg_integer(),
          every: pos_integer(),
          line: (pos_integer() -> iodata()),
          socket: :gen_tcp.socket() | nil,
          drain_ms: non_neg_integer() | nil
        }

  @doc "Sends the whole response, or what the client waits for of it."
  def run(stream, stopping?) do
    Response.send_head(stream.socket)
    :inet.setopts(stream.socket, active: :once)
    began = now()
    ends = began + stream.ms
    ends = if stopping?, do: drained_at(stream, ends), else: ends
    go_on(stream, 1, began + stream.every, ends)
  end

  defp go_on(%{socket: socket} = stream, number, next, ends) do
    receive do
      {:tcp, ^socket, _data} ->
        # Nothing is expected; but what is left unread would reset the connection in the end.
        :inet.setopts(socket, active: :once)
        go_on(stream, number, next, ends)

      {:tcp_closed, ^socket} ->
        :ok

      {:tcp_error, ^socket, _reason} ->
        :ok

      {:EXIT, pid, _reason} when is_pid(pid) ->
        go_on(stream, number, next, drained_at(stream, ends))
    after
      max(min(next, ends) - now(), 0) ->
        if next < ends do
          tick(stream, number, next, ends)
        else
          Response.send_chunk(socket, "bye\n")
          Response.send_last_chunk(socket)
        end
    end
  end

  defp tick(stream, number, next, ends) do
    with :ok <- Response.send_chunk(stream.socket, stream.line.(number)) do
      go_on(stream, number + 1, next + stream.every, ends)
    end
  end

  defp drained_at(stream, ends), do: min(ends, now() + :rand.uniform(div(stream.drain_ms, 2) + 1))

  defp now, do: System.monotonic_time(:millisecond)
end
