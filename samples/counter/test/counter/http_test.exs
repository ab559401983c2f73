defmodule Counter.HTTPTest do
  # Talks to the running app over TCP, and stops it to see it drain.
  use ExUnit.Case, async: false

  alias Counter.HTTP.Listener

  test "the front page names the version, the release and the machine" do
    assert {200, _headers, body} = get("/")
    assert ["counter " <> version, "release none", "host " <> _] = lines(body)
    assert version == Mix.Project.config()[:version]
  end

  test "the pages that need no database" do
    assert {200, _, "ok\n"} = get("/health")
    assert {200, _, "slept 1 ms\n"} = get("/slow?ms=1")
    assert {200, _, greeting} = get("/greeting")
    assert greeting == Counter.Greeting.text() <> "\n"
    assert {404, _, "not found\n"} = get("/nowhere")
  end

  test "/health can be made to fail" do
    put_setting(:health, "fail")
    assert {500, _, "failing\n"} = get("/health")
  end

  test "/slow wants a sensible number" do
    for query <- ["", "?ms=", "?ms=-1", "?ms=1x", "?ms=60001", "?ms=%zz"] do
      assert {400, _, _} = get("/slow" <> query)
    end
  end

  test "/health says that the instance is to be left alone while there is a drain file" do
    file = Path.join(System.tmp_dir!(), "counter-drain-#{System.unique_integer([:positive])}")
    on_exit(fn -> File.rm(file) end)
    put_setting(:drain_file, file)

    assert {200, _, "ok\n"} = get("/health")
    File.touch!(file)
    assert {503, _, "draining\n"} = get("/health")
    assert {200, _, _} = get("/greeting")
    File.rm!(file)
    assert {200, _, "ok\n"} = get("/health")
  end

  test "/stream sends a line every now and then, and ends" do
    socket = open_stream("ms=100&every=30")

    version = Counter.version()
    ticks = for number <- 1..3, do: "tick #{number} #{version} none\n"
    assert read_chunks(socket) == ticks ++ ["bye\n"]
    assert closed?(socket)
  end

  test "/stream wants sensible numbers, and a client that knows chunks" do
    for query <- ["", "?ms=x", "?ms=3600001", "?ms=1&every=0", "?ms=1&every=x"] do
      assert {400, _, _} = get("/stream" <> query)
    end

    socket = connect()
    write(socket, "GET /stream?ms=1 HTTP/1.0\r\n\r\n")
    assert {505, %{"connection" => "close"}, _} = read_response(socket)
  end

  test "HEAD of a stream does not wait for it" do
    socket = connect()
    write(socket, "HEAD /stream?ms=60000 HTTP/1.1\r\nhost: test\r\n\r\n")
    assert {200, _headers} = read_head(socket)
    write(socket, "GET /health HTTP/1.1\r\nhost: test\r\n\r\n")
    assert {200, _, "ok\n"} = read_response(socket)
  end

  test "/secret-digest tells secrets apart" do
    put_setting(:secret, "x")
    assert {200, _, "2d711642\n"} = get("/secret-digest")
  end

  test "/visits says what is missing" do
    assert {503, _, "no visits: DATABASE_URL is not set\n"} = get("/visits")
  end

  test "serves IPv4 and IPv6" do
    assert {200, _, "ok\n"} = get("/health", {127, 0, 0, 1})

    # Not every machine has IPv6.
    with {:ok, probe} <- :gen_tcp.listen(0, [:inet6, ip: {0, 0, 0, 0, 0, 0, 0, 1}]) do
      :gen_tcp.close(probe)
      assert {200, _, "ok\n"} = get("/health", {0, 0, 0, 0, 0, 0, 0, 1})
    end
  end

  test "a connection is kept open for further requests" do
    socket = connect()
    write(socket, "GET /health HTTP/1.1\r\nhost: test\r\n\r\n")
    assert {200, %{"connection" => "keep-alive"}, "ok\n"} = read_response(socket)

    # Two at once, the first in two pieces.
    write(socket, "GET /health HTTP/1.1\r\nho")
    Process.sleep(20)
    write(socket, "st: test\r\n\r\nGET /nowhere HTTP/1.1\r\nhost: test\r\n\r\n")
    assert {200, _, "ok\n"} = read_response(socket)
    assert {404, _, "not found\n"} = read_response(socket)
  end

  test "a connection closes when the client asks for it" do
    socket = connect()
    write(socket, "GET /health HTTP/1.1\r\nhost: test\r\nConnection: Close\r\n\r\n")
    assert {200, %{"connection" => "close"}, "ok\n"} = read_response(socket)
    assert closed?(socket)
  end

  test "HTTP/1.0 connections close unless the client asks otherwise" do
    socket = connect()
    write(socket, "GET /health HTTP/1.0\r\nconnection: keep-alive\r\n\r\n")
    assert {200, %{"connection" => "keep-alive"}, "ok\n"} = read_response(socket)
    write(socket, "GET /health HTTP/1.0\r\n\r\n")
    assert {200, %{"connection" => "close"}, "ok\n"} = read_response(socket)
    assert closed?(socket)
  end

  test "HEAD gets the headers only" do
    socket = connect()
    write(socket, "HEAD /health HTTP/1.1\r\nhost: test\r\n\r\n")
    assert {200, %{"content-length" => "3"}} = read_head(socket)
    write(socket, "GET /health HTTP/1.1\r\nhost: test\r\n\r\n")
    assert {200, _, "ok\n"} = read_response(socket)
  end

  test "a request body is never taken for a request" do
    socket = connect()
    smuggled = "GET /health HTTP/1.1\r\nhost: test\r\n\r\n"
    length = byte_size(smuggled)

    write(
      socket,
      "POST / HTTP/1.1\r\nhost: test\r\ncontent-length: #{length}\r\n\r\n" <> smuggled
    )

    assert {405, %{"connection" => "close", "allow" => "GET, HEAD"}, _} = read_response(socket)
    assert closed?(socket)
  end

  test "malformed requests are refused" do
    for {status, request} <- [
          {400, "nonsense\r\n\r\n"},
          {400, "GET /\r\n\r\n"},
          {400, "GET / HTTP/1.1\r\n\r\n"},
          {400, "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n"},
          {400, "GET / HTTP/1.1\r\nhost: test\r\nno colon\r\n\r\n"},
          {400, "GET / HTTP/1.1\r\nhost: test\r\ncontent-length: -1\r\n\r\n"},
          {505, "GET / HTTP/2.0\r\nhost: test\r\n\r\n"},
          {431, "GET / HTTP/1.1\r\nhost: test\r\nx: #{String.duplicate("x", 9_000)}\r\n\r\n"},
          {431, "GET /#{String.duplicate("x", 9_000)}"}
        ] do
      socket = connect()
      write(socket, request)
      assert {^status, %{"connection" => "close"}, _} = read_response(socket)
      assert closed?(socket)
    end
  end

  test "idle connections are closed, and unfinished requests refused" do
    idle = connect()
    unfinished = connect()
    write(unfinished, "GET / HTTP/1.1\r\n")

    assert closed?(idle)
    assert {408, %{"connection" => "close"}, _} = read_response(unfinished)
  end

  test "stopping finishes open requests, closes idle connections, refuses new ones" do
    port = Listener.port()

    idle = connect()
    write(idle, "GET /health HTTP/1.1\r\nhost: test\r\n\r\n")
    assert {200, _, _} = read_response(idle)

    busy = connect()
    write(busy, "GET /slow?ms=400 HTTP/1.1\r\nhost: test\r\n\r\n")
    Process.sleep(100)

    on_exit(fn -> {:ok, _} = Application.ensure_all_started(:counter) end)
    stop = Task.async(fn -> Application.stop(:counter) end)

    assert closed?(idle)
    assert {:error, :econnrefused} = :gen_tcp.connect({127, 0, 0, 1}, port, [])
    assert {200, %{"connection" => "close"}, "slept 400 ms\n"} = read_response(busy)
    assert closed?(busy)
    assert :ok = Task.await(stop)
  end

  test "stopping waits no longer than the drain time" do
    restart_with(drain_ms: 100)

    busy = connect()
    write(busy, "GET /slow?ms=5000 HTTP/1.1\r\nhost: test\r\n\r\n")
    Process.sleep(50)

    {microseconds, :ok} = :timer.tc(fn -> Application.stop(:counter) end)
    assert microseconds in 100_000..2_000_000
    assert closed?(busy)
  end

  test "stopping takes leave of streams one after the other" do
    restart_with(drain_ms: 1_000)
    streams = for _ <- 1..20, do: open_stream("ms=60000&every=60000")
    began = System.monotonic_time(:millisecond)
    stop = Task.async(fn -> Application.stop(:counter) end)

    ends =
      for socket <- streams do
        Task.async(fn ->
          assert read_chunks(socket) == ["bye\n"]
          assert closed?(socket)
          System.monotonic_time(:millisecond) - began
        end)
      end

    {first, last} = ends |> Task.await_many() |> Enum.min_max()
    assert last - first > 200
    assert last < 900
    assert :ok = Task.await(stop)
  end

  test "serves on a socket that was passed on, beside a port of its own" do
    {fd, shared} = socket_of_someone_else()
    restart_with(listen_fd: fd)

    assert shared != Listener.port()
    assert {200, _, "ok\n"} = get("/health", {127, 0, 0, 1}, shared)
    assert {200, _, "ok\n"} = get("/health")
  end

  test "a socket that was passed on is enough" do
    {fd, shared} = socket_of_someone_else()
    restart_with(listen_fd: fd, port: nil)

    assert [shared: _] = Listener.sockets()
    assert {200, _, "ok\n"} = get("/health", {127, 0, 0, 1}, shared)
  end

  ## A client that shows exactly what came over the wire

  defp get(target, address \\ {127, 0, 0, 1}, port \\ nil) do
    socket = connect(address, port || Listener.port())
    write(socket, "GET #{target} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n")
    response = read_response(socket)
    assert closed?(socket)
    response
  end

  defp connect(address \\ {127, 0, 0, 1}, port \\ Listener.port()) do
    options = [:binary, active: false, packet: :http_bin]
    {:ok, socket} = :gen_tcp.connect(address, port, options)
    on_exit(fn -> :gen_tcp.close(socket) end)
    socket
  end

  defp open_stream(query) do
    socket = connect()
    write(socket, "GET /stream?#{query} HTTP/1.1\r\nhost: test\r\n\r\n")
    assert {200, %{"transfer-encoding" => "chunked", "connection" => "close"}} = read_head(socket)
    socket
  end

  # The chunks up to the one that says that the response is complete.
  defp read_chunks(socket) do
    :ok = :inet.setopts(socket, packet: :line)
    {:ok, size} = :gen_tcp.recv(socket, 0, 2_000)
    :ok = :inet.setopts(socket, packet: :raw)
    size = size |> String.trim() |> String.to_integer(16)
    {:ok, data} = :gen_tcp.recv(socket, size + 2, 2_000)
    if size == 0, do: [], else: [binary_part(data, 0, size) | read_chunks(socket)]
  end

  # Its owner never ends: closing it too would close whatever has the number by then.
  defp socket_of_someone_else do
    test = self()

    spawn(fn ->
      {:ok, socket} = :gen_tcp.listen(0, [:inet6])
      {:ok, fd} = :inet.getfd(socket)
      {:ok, port} = :inet.port(socket)
      send(test, {:listening, fd, port})
      Process.sleep(:infinity)
    end)

    receive do
      {:listening, fd, port} -> {fd, port}
    end
  end

  defp write(socket, data), do: :ok = :gen_tcp.send(socket, data)

  defp read_response(socket) do
    {status, headers} = read_head(socket)
    :ok = :inet.setopts(socket, packet: :raw)
    {:ok, body} = :gen_tcp.recv(socket, String.to_integer(headers["content-length"]), 2_000)
    :ok = :inet.setopts(socket, packet: :http_bin)
    {status, headers, body}
  end

  defp read_head(socket) do
    {:ok, {:http_response, {1, 1}, status, _reason}} = :gen_tcp.recv(socket, 0, 2_000)
    {status, read_headers(socket, %{})}
  end

  defp read_headers(socket, headers) do
    case :gen_tcp.recv(socket, 0, 2_000) do
      {:ok, :http_eoh} ->
        headers

      {:ok, {:http_header, _, name, _, value}} ->
        read_headers(socket, Map.put(headers, name |> to_string() |> String.downcase(), value))
    end
  end

  defp closed?(socket), do: :gen_tcp.recv(socket, 0, 2_000) == {:error, :closed}

  defp lines(text), do: String.split(text, "\n", trim: true)

  defp put_setting(name, value) do
    old = Counter.setting(name)
    on_exit(fn -> Application.put_env(:counter, name, old) end)
    Application.put_env(:counter, name, value)
  end

  defp restart_with(settings) do
    Application.stop(:counter)
    on_exit(fn -> Application.stop(:counter) && Application.ensure_all_started(:counter) end)
    for {name, value} <- settings, do: put_setting(name, value)
    {:ok, _} = Application.ensure_all_started(:counter)
  end
end
