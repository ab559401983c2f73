%% How often somebody was greeted since the app was started.
-module(tally).
-behaviour(gen_server).

-export([start_link/0, greet/0, greeted/0, version/0, migrate/0]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% Text for one more visitor.
greet() ->
    ["Hello from tally ", version(), ", number ", integer_to_list(gen_server:call(?MODULE, greet)), "\n"].

greeted() ->
    gen_server:call(?MODULE, greeted).

version() ->
    _ = application:load(?MODULE),
    {ok, Version} = application:get_key(?MODULE, vsn),
    Version.

%% Stands for a change of a database: it says what it would do, in a VM in which the app is not started.
migrate() ->
    io:format("migrated for ~s~n", [version()]).

init([]) ->
    {ok, 0}.

handle_call(greet, _From, Count) ->
    {reply, Count + 1, Count + 1};
handle_call(greeted, _From, Count) ->
    {reply, Count, Count}.

handle_cast(_Message, Count) ->
    {noreply, Count}.
