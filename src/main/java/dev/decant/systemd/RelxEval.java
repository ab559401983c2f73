package dev.decant.systemd;

/// Runs an expression of Erlang's in a VM of its own: relx itself has `eval` only for one that runs
/// already.
///
/// The expression comes in `DECANT_EVAL`, so that nothing has to be quoted. Where `DECANT_VERB` is
/// `rpc`, the node `DECANT_NODE` runs it, and what it prints there is printed here.
final class RelxEval {

    private static final String RUN =
            "Text = string:trim(os:getenv(\"DECANT_EVAL\"), trailing, \" .\") ++ \".\", try {ok,"
                + " Tokens, _} = erl_scan:string(Text), {ok, Exprs} ="
                + " erl_parse:parse_exprs(Tokens), case os:getenv(\"DECANT_VERB\") of \"rpc\" ->"
                + " {value, _, _} = rpc:call(list_to_atom(os:getenv(\"DECANT_NODE\")), erl_eval,"
                + " exprs, [Exprs, []]); _ -> erl_eval:exprs(Exprs, []) end of _ -> halt() catch"
                + " Class:Reason:Stack -> io:format(standard_error, \"** ~p: ~tp~n~tp~n\", [Class,"
                + " Reason, Stack]), halt(1) end.";

    private RelxEval() {}

    /// `console_clean` has the release's code and settings, and starts nothing of it.
    ///
    /// @param place of the release
    /// @return words of a command line of systemd's
    static String command(String place, String release) {
        return place + "/bin/" + release + " console_clean -noinput -eval " + Units.word(RUN);
    }
}
