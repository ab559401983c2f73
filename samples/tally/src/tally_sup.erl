-module(tally_sup).
-behaviour(supervisor).

-export([start_link/0, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    {ok, Port} = application:get_env(tally, port),
    {ok, {#{}, [
        #{id => tally, start => {tally, start_link, []}},
        #{id => tally_http, start => {tally_http, start_link, [Port]}}
    ]}}.
