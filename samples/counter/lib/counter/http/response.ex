defmodule Counter.HTTP.Response do
  @moduledoc "Writes responses, all of them plain text."

  @reasons %{
    200 => "OK",
    400 => "Bad Request",
    404 => "Not Found",
    405 => "Method Not Allowed",
    408 => "Request Timeout",
    431 => "Request Header Fields Too Large",
    500 => "Internal Server Error",
    503 => "Service Unavailable",
    505 => "HTTP Version Not Supported"
  }

  def reason(status), do: Map.fetch!(@reasons, status)

  @doc """
  Sends a response.

  With `close: true` it says that the connection closes after it; with
  `head: true`, the answer to a HEAD request, it leaves out the body.
  """
  def send(socket, status, body, opts) do
    head = head(status, opts[:close], "content-length: #{IO.iodata_length(body)}\r\n")
    :gen_tcp.send(socket, if(opts[:head], do: head, else: [head, body]))
  end

  @doc "Begins a response whose length is not known yet: chunks follow."
  def send_head(socket) do
    :gen_tcp.send(socket, head(200, true, "transfer-encoding: chunked\r\n"))
  end

  def send_chunk(socket, data) do
    length = data |> IO.iodata_length() |> Integer.to_string(16)
    :gen_tcp.send(socket, [length, "\r\n", data, "\r\n"])
  end

  @doc "What tells the client that the response is complete."
  def send_last_chunk(socket), do: :gen_tcp.send(socket, "0\r\n\r\n")

  defp head(status, close?, framing) do
    [
      "HTTP/1.1 #{status} #{reason(status)}\r\n",
      "date: #{Calendar.strftime(DateTime.utc_now(), "%a, %d %b %Y %H:%M:%S GMT")}\r\n",
      "content-type: text/plain; charset=utf-8\r\n",
      framing,
      "cache-control: no-store\r\n",
      if(status == 405, do: "allow: GET, HEAD\r\n", else: []),
      "connection: #{if close?, do: "close", else: "keep-alive"}\r\n",
      "\r\n"
    ]
  end
end
