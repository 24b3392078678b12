%% Instrumentation for OTP's agent that does what it is told, so that the same SET can be tried on
%% two agents. Each line on standard input is a term and begins a case: the values to begin with
%% and what each function is to do in it. "ready" and "next" on standard output say that it is in force.
-module(otp_peer).

-export([start/1, scalar/2, scalar/3, bare/2, bare/3, table/2, table/4]).

-define(VALUES, otp_peer_values).
-define(SCRIPTS, otp_peer_scripts).

%% Folder: where this module, the MIB and the functions of the MIB lie; the current directory is
%% for what is made of them.
start(Folder) ->
    logger:set_primary_config(level, none),
    [ets:new(Name, [named_table, public]) || Name <- [?VALUES, ?SCRIPTS]],
    Mib = filename:join(Folder, "OTP-PEER-MIB"),
    {ok, _} = file:copy(Mib ++ ".funcs", "OTP-PEER-MIB.funcs"),
    {ok, Compiled} =
        snmpc:compile(Mib, [{outdir, "."}, {il, ["snmp/priv/mibs/"]}, {warnings, false}, {group_check, false}]),
    ok = application:start(snmp),
    ok = snmpa:load_mib(filename:absname(Compiled)),
    io:format("ready ~s~n", [element(2, application:get_key(snmp, vsn))]),
    serve().

serve() ->
    case io:get_line("") of
        Line when is_list(Line) ->
            {ok, Tokens, _} = erl_scan:string(Line),
            {ok, {Values, Scripts}} = erl_parse:parse_term(Tokens),
            begin_case(?VALUES, Values),
            begin_case(?SCRIPTS, Scripts),
            io:put_chars("next\n"),
            serve();
        _End ->
            halt()
    end.

begin_case(Table, Entries) ->
    ets:delete_all_objects(Table),
    ets:insert(Table, Entries).

scalar(get, Name) ->
    read(Name);
scalar(_NewOrDelete, _Name) ->
    ok.

scalar(set, Value, Name) ->
    act(Name, set, noError, fun() -> ets:insert(?VALUES, {Name, Value}) end);
scalar(Operation, _Value, Name) ->
    act(Name, Operation, noError, fun() -> true end).

%% No is_set_ok, no undo.
bare(get, Name) ->
    read(Name);
bare(new, _Name) ->
    ok.

bare(set, Value, Name) ->
    act(Name, set, noError, fun() -> ets:insert(?VALUES, {Name, Value}) end).

table(_NewOrDelete, _Name) ->
    ok.

table(get, Row, Columns, Name) ->
    [read({Name, Row, Column}) || Column <- Columns];
table(get_next, _Row, Columns, _Name) ->
    [endOfTable || _ <- Columns];
table(set, Row, Columns, Name) ->
    Write = fun() ->
        ets:insert(?VALUES, [{{Name, Row, Column}, Value} || {Column, Value} <- Columns])
    end,
    act({Name, Row}, set, {noError, 0}, Write);
table(Operation, Row, _Columns, Name) ->
    act({Name, Row}, Operation, {noError, 0}, fun() -> true end).

read(Key) ->
    case ets:lookup(?VALUES, Key) of
        [{_, Value}] -> {value, Value};
        [] -> {noValue, noSuchInstance}
    end.

%% What is not in the script succeeds.
act(Group, Operation, Success, Effect) ->
    case ets:lookup(?SCRIPTS, {Group, Operation}) of
        [] ->
            Effect(),
            Success;
        [{_, {Ends, Value, HasEffect}}] ->
            HasEffect andalso Effect(),
            case Ends of
                returns -> Value;
                throws -> throw(Value);
                crashes -> error(Value);
                exits -> exit(Value)
            end
    end.
