%% Answers GET /health and GET /greeting, one request to a connection.
-module(tally_http).

-export([start_link/1]).

-define(ACCEPTORS, 8).
-define(TIMEOUT, 5000).

start_link(Port) ->
    {ok, proc_lib:spawn_link(fun() -> listen(Port) end)}.

listen(Port) ->
    {ok, Socket} = gen_tcp:listen(Port, [
        inet6, {ipv6_v6only, false}, binary, {packet, http_bin}, {active, false}, {reuseaddr, true}, {backlog, 1024}
    ]),
    logger:notice("listens on ~b", [Port]),
    [spawn_link(fun() -> accept(Socket) end) || _ <- lists:seq(1, ?ACCEPTORS)],
    timer:sleep(infinity).

accept(Socket) ->
    case gen_tcp:accept(Socket) of
        {ok, Connection} ->
            _ = serve(Connection),
            gen_tcp:close(Connection),
            accept(Socket);
        {error, closed} ->
            ok;
        {error, Reason} ->
            logger:warning("cannot accept: ~p", [Reason]),
            timer:sleep(100),
            accept(Socket)
    end.

serve(Connection) ->
    case gen_tcp:recv(Connection, 0, ?TIMEOUT) of
        {ok, {http_request, Method, {abs_path, Path}, _Version}} ->
            case headers(Connection) of
                ok -> gen_tcp:send(Connection, response(answer(Method, Path)));
                Error -> Error
            end;
        Other ->
            Other
    end.

headers(Connection) ->
    case gen_tcp:recv(Connection, 0, ?TIMEOUT) of
        {ok, http_eoh} -> ok;
        {ok, {http_header, _, _, _, _}} -> headers(Connection);
        Other -> Other
    end.

answer('GET', <<"/health">>) -> {200, "ok\n"};
answer('GET', <<"/greeting">>) -> {200, tally:greet()};
answer('GET', _) -> {404, "not here\n"};
answer(_, _) -> {405, "only GET\n"}.

response({Status, Body}) ->
    [
        "HTTP/1.1 ", integer_to_list(Status), " ", reason(Status), "\r\n",
        "content-type: text/plain\r\n",
        "content-length: ", integer_to_list(iolist_size(Body)), "\r\n",
        "connection: close\r\n\r\n",
        Body
    ].

reason(200) -> "OK";
reason(404) -> "Not Found";
reason(405) -> "Method Not Allowed".
