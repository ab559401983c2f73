defmodule Counter.HTTP.Request do
  @moduledoc """
  Parses requests, with the parser that comes with Erlang.

  No page of this app takes a request body. A request that announces one is
  answered without reading it, and its connection then has to close.
  """

  @max_size 8_192

  defstruct [:method, :path, :version, query: %{}, keep_alive?: true, body?: false]

  @type t :: %__MODULE__{
          method: String.t(),
          path: String.t(),
          version: {1, 0..1},
          query: %{String.t() => String.t()},
          keep_alive?: boolean(),
          body?: boolean()
        }

  @doc """
  Takes a request off the front of `buffer`.

  Returns it with what is left of the buffer, `:incomplete` if more has to be
  received first, or the status to refuse the request with.
  """
  @spec parse(binary()) :: {:ok, t(), rest :: binary()} | :incomplete | {:error, pos_integer()}
  def parse(buffer) do
    with {:ok, line, rest} <- decode(:http_bin, buffer),
         {:ok, headers, rest} <- decode_headers(rest, []),
         :ok <- check_size(byte_size(buffer) - byte_size(rest)),
         {:ok, request} <- build(line, headers) do
      {:ok, request, rest}
    else
      :incomplete when byte_size(buffer) > @max_size -> {:error, 431}
      :incomplete -> :incomplete
      {:error, status} -> {:error, status}
    end
  end

  defp decode(type, buffer) do
    case :erlang.decode_packet(type, buffer, []) do
      {:ok, {:http_error, _line}, _rest} -> {:error, 400}
      {:ok, packet, rest} -> {:ok, packet, rest}
      {:more, _size} -> :incomplete
      {:error, _reason} -> {:error, 400}
    end
  end

  defp decode_headers(buffer, headers) do
    case decode(:httph_bin, buffer) do
      {:ok, {:http_header, _, name, _, value}, rest} ->
        # Known names come as atoms in their usual spelling, others as binaries.
        decode_headers(rest, [{name |> to_string() |> String.downcase(), value} | headers])

      {:ok, :http_eoh, rest} ->
        {:ok, headers, rest}

      other ->
        other
    end
  end

  defp check_size(size) when size > @max_size, do: {:error, 431}
  defp check_size(_size), do: :ok

  defp build({:http_request, method, target, version}, headers) do
    with {:ok, path, query} <- split_target(target),
         :ok <- check_host(version, values(headers, "host")),
         {:ok, body?} <- body(headers) do
      {:ok,
       %__MODULE__{
         method: to_string(method),
         path: path,
         version: version,
         query: query,
         keep_alive?: not body? and keep_alive?(version, headers),
         body?: body?
       }}
    end
  end

  # A response line, where a request line should be.
  defp build(_line, _headers), do: {:error, 400}

  defp split_target({:abs_path, target}), do: split_path(target)
  defp split_target({:absoluteURI, _scheme, _host, _port, target}), do: split_path(target)
  defp split_target(_target), do: {:error, 400}

  defp split_path(target) do
    {path, query} =
      case String.split(target, "?", parts: 2) do
        [path] -> {path, ""}
        [path, query] -> {path, query}
      end

    {:ok, path, URI.decode_query(query)}
  rescue
    ArgumentError -> {:error, 400}
  end

  defp check_host({1, 1}, [_host]), do: :ok
  defp check_host({1, 0}, hosts) when length(hosts) <= 1, do: :ok
  defp check_host({1, _minor}, _hosts), do: {:error, 400}
  defp check_host({0, 9}, _hosts), do: {:error, 400}
  defp check_host(_version, _hosts), do: {:error, 505}

  defp body(headers) do
    case {values(headers, "transfer-encoding"), values(headers, "content-length")} do
      {[], []} -> {:ok, false}
      {[], [length]} -> if length =~ ~r/\A\d+\z/, do: {:ok, length != "0"}, else: {:error, 400}
      {[_ | _], []} -> {:ok, true}
      {_, _} -> {:error, 400}
    end
  end

  defp keep_alive?(version, headers) do
    options =
      headers
      |> values("connection")
      |> Enum.flat_map(&String.split(&1, ","))
      |> Enum.map(&(&1 |> String.trim() |> String.downcase()))

    cond do
      "close" in options -> false
      version == {1, 0} -> "keep-alive" in options
      true -> true
    end
  end

  defp values(headers, name), do: for({^name, value} <- headers, do: value)
end
