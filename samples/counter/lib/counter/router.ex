defmodule Counter.Router do
  @moduledoc """
  The app's pages: takes a request, returns a status and a text body.
  """

  alias Counter.HTTP.Request

  @max_sleep_ms 60_000

  @spec call(Request.t()) :: {status :: pos_integer(), body :: iodata()}
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
    case Counter.setting(:health) do
      "fail" -> {500, "failing\n"}
      _ -> {200, "ok\n"}
    end
  end

  defp page("/slow", query) do
    with {:ok, ms} <- Map.fetch(query, "ms"),
         {ms, ""} when ms in 0..@max_sleep_ms <- Integer.parse(ms) do
      Process.sleep(ms)
      {200, "slept #{ms} ms\n"}
    else
      _ -> {400, "ms must be a whole number from 0 to #{@max_sleep_ms}\n"}
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
end
