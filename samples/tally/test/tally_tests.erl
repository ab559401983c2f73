-module(tally_tests).

-include_lib("eunit/include/eunit.hrl").

each_visitor_has_a_number_test() ->
    {ok, Pid} = tally:start_link(),
    ?assertEqual(0, tally:greeted()),
    _ = tally:greet(),
    ?assertMatch({match, _}, re:run(tally:greet(), "number 2")),
    ?assertEqual(2, tally:greeted()),
    gen_server:stop(Pid).
