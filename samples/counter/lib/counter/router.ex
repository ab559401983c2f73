defmodule Counter.Router do
  @moduledoc """
  The app's pages: takes a request, returns a status and a text body, or a stream.
  """

  alias Counter.HTTP.{Request, Stream}

  @max_sleep_ms 60_000
  @max_stream_ms 3_600_000

  @spec call(Request.t()) :: {status :: pos_integer(), body :: iodata()} | {:stream, Stream.t()}
  # HTTP/1.0 has no chunks.
  def call(%Request{path: "/stream", version: {1, 0}}), do: {505, "streams need HTTP/1.1\n"}
  def call(%Request{path: path, query: query}), do: page(path, query)

  defp page("/", _query) do
    body = """
    counter #{Counter.version()}
    release #{Counter.release_id()}
    host #{Counter.hostname()}
    """

    {200, body}
  end

  defp page("/health", _query) do
    cond do
      Counter.setting(:health) == "fail" -> {500, "failing\n"}
      draining?() -> {503, "draining\n"}
      true -> {200, "ok\n"}
    end
  end

  defp page("/slow", query) do
    with {:ok, ms} <- integer(query, "ms", 0..@max_sleep_ms) do
      Process.sleep(ms)
      {200, "slept #{ms} ms\n"}
    end
  end

  defp page("/stream", query) do
    with {:ok, ms} <- integer(query, "ms", 0..@max_stream_ms),
         {:ok, every} <- integer(Map.put_new(query, "every", "1000"), "every", 1..@max_stream_ms) do
      line = fn number -> "tick #{number} #{Counter.version()} #{Counter.release_id()}\n" end
      {:stream, %Stream{ms: ms, every: every, line: line}}
    end
  end

  defp page("/greeting", _query), do: {200, [Counter.Greeting.text(), ?\n]}

  defp page("/secret-digest", _query), do: {200, [Counter.secret_digest(), ?\n]}

  defp page("/visits", _query) do
    case Counter.Visits.record() do
      {:ok, count} -> {200, "#{count}\n"}
      {:error, message} -> {503, "no visits: #{message}\n"}
    end
  end

  defp page(_path, _query), do: {404, "not found\n"}

  # Whoever takes instances out of a balancer makes the file, and waits for the
  # balancer to notice before it stops this one.
  defp draining? do
    file = Counter.setting(:drain_file)
    file != nil and File.exists?(file)
  end

  defp integer(query, name, range) do
    with {:ok, text} <- Map.fetch(query, name),
         {number, ""} <- Integer.parse(text),
         true <- number in range do
      {:ok, number}
    else
      _ -> {400, "#{name} must be a whole number from #{range.first} to #{range.last}\n"}
    end
  end
end
