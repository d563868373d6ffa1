using CrmServerless.Load;

const string Usage = """
    Measures a CrmServerless from outside (Linux; the generator shares the machine with the host).

      acks   acknowledgements a second and their latency
             --base URL --seconds 60 --connections 32 [--rate N] [--customers 10000] [--warmup 5] [--pid HOST_PID]
             without --rate each connection sends as soon as it is answered (closed loop); with it events are
             due at fixed times and latency counts from the due time, so a stall is not hidden (open loop)
      lag    from the acknowledgement until customer file, tag and alert are visible
             --base URL --rate 300 --seconds 60 [--samples 10 (a second)] [--tag-text 价格多少] [--connections 32]
             [--customers 10000] [--warmup 5] [--pid HOST_PID]
      start  process start to first acknowledged callback, median of 5 runs
             --command "dotnet functions/Local/bin/Release/net10.0/CrmServerless.Local.dll
                        --urls http://127.0.0.1:PORT --data DIR" [--runs 5]
      speed  durable acknowledgements without stages, beside the disk's bare syncs and beside co-wechat (Node.js, keeps nothing)
             [--seconds 10] [--rounds 3] [--host CrmServerless.Local.dll]
      burst  ten times the usual load for a minute on a store with a million customers
             [--customers 1000000] [--rate 200] [--times 10] [--seconds 60] [--host CrmServerless.Local.dll]
      ab     HTTP in to durable acknowledgement of two builds in turns, five runs each; the median ratio
             --base-host CrmServerless.Local.dll [--new-host CrmServerless.Local.dll] [--rate 500] [--seconds 10] [--runs 5]
      sends  messages to customers through ledger, client and the simulator: a second, each once; and a look-up of the token
             [--sends 20000] [--connections 32] [--host CrmServerless.Local.dll]
      idle   CPU time of a host that has nothing to do
             [--seconds 30] [--host CrmServerless.Local.dll]
      slow   10,000 slow connections that come back when they are cut, while callbacks go on: memory, latency, how many were cut
             [--connections 10000] [--seconds 30] [--rate 200] [--host CrmServerless.Local.dll]

      tokens two processes with 20 callers each share one token on one store, while WeChat (a simulator of its tokens, each
             voiding the one before) voids it again and again: token calls against invalidations; then once more while
             the process that is just asking for a token is killed
             [--seconds 15] [--callers 20] [--void-every 200 (calls)]

      soak   never lost, never doubled: starts a host of its own, kills it at random while callbacks come in, and then
             compares every acknowledged callback with its effects, read from the ops API and the simulator's phones
             [--callbacks 20000] [--rate 300] [--kills 20] [--gentle (SIGTERM)] [--bus-faults 0.05] [--spill-faults 0.01]
             [--senders 32] [--customers 500] [--seed N] [--host CrmServerless.Local.dll] [--port P] [--data DIR] [--keep]

    All: [--settings local.settings.sample.json] [--account main]
    """;

try
{
    return args.FirstOrDefault() switch
    {
        "ab" => await Ab.Run(new Arguments(args)),
        "acks" => await Acks.Run(new Arguments(args)),
        "lag" => await Lag.Run(new Arguments(args)),
        "soak" => await Soak.Run(new Arguments(args)),
        "burst" => await Burst.Run(new Arguments(args)),
        "idle" => await Idle.Run(new Arguments(args)),
        "sends" => await Sends.Run(new Arguments(args)),
        "slow" => await Slow.Run(new Arguments(args)),
        "speed" => await Speed.Run(new Arguments(args)),
        "tokens" => await Tokens.Run(new Arguments(args)),
        "start" => Start.Run(new Arguments(args)),
        _ => Explain(),
    };
}
catch (UsageException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 2;
}

static int Explain()
{
    Console.WriteLine(Usage);
    return 2;
}
