using System.CommandLine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Relaying;
using CloudTicks.Benchmarks.Relaying.Runs;

var parts = new Dictionary<string, Func<RelayingPlan, CancellationToken, IAsyncEnumerable<RelayingRow>>>
{
    ["fan-out"] = FanOutRun.RunAsync,
    ["acknowledged"] = AcknowledgedRun.RunAsync,
    ["path"] = PathRun.RunAsync,
    ["catch-up"] = CatchUpRun.RunAsync,
    ["idle"] = IdleRun.RunAsync,
};
var help = $"""


    The parts for --only:
      fan-out       clients that each receive a fifth of the ticks: at a fixed rate, and at full speed compared with bare sockets
      acknowledged  from the event hub's acknowledgement of a record to a client
      path          simulator, collector, event hub and relay: from the collector's reading of a tick to a client
      catch-up      a client that subscribes to all quotes of the last hour
      idle          memory of the relay for each client that has subscribed and receives nothing

    Examples (after 'dotnet run -c Release --project benchmarks/Relaying --'):
      --only fan-out --rate 50000 --clients 100
      --only idle --idle 500 --json
    """;
var only = new Option<string[]>("--only")
{
    Description = $"The parts to run, of: {string.Join(", ", parts.Keys)}; default: all",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [],
};
var clients = new Option<int>("--clients") { Description = "Clients of the fan-out", DefaultValueFactory = _ => 100 };
var rate = new Option<int>("--rate") { Description = "Ticks per second into the fan-out", DefaultValueFactory = _ => 50_000 };
var seconds = new Option<int>("--seconds") { Description = "Seconds to measure each rate", DefaultValueFactory = _ => 30 };
var rounds = new Option<int>("--rounds") { Description = "Counted rounds", DefaultValueFactory = _ => 7 };
var count = new Option<int>("--count") { Description = "Ticks to catch up on", DefaultValueFactory = _ => 3_000_000 };
var idle = new Option<int>("--idle") { Description = "Idle clients, up to 1000", DefaultValueFactory = _ => 1_000 };
var json = new Option<bool>("--json") { Description = "Print the results as one JSON object" };
var command = new RootCommand(
    "Runs the relay with a local event hub, and measures what it sends to many clients, the latency of a tick, how fast a client "
        + "catches up, and what an idle client costs. The exit code is 1 when an event was lost or the benchmark "
        + "cannot run, 2 when an argument is invalid." + help)
{
    only, clients, rate, seconds, rounds, count, idle, json,
};
return await BenchmarkCommand.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    var plan = new RelayingPlan(
        parsed.GetValue(clients), parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds),
        parsed.GetValue(count), parsed.GetValue(idle));
    var names = parsed.GetValue(only)!;
    if (names.FirstOrDefault(name => !parts.ContainsKey(name)) is { } unknown)
    {
        throw new BenchmarkException($"Unknown part {unknown}; choose from: {string.Join(", ", parts.Keys)}.");
    }

    var rows = new List<RelayingRow>();
    foreach (var (name, run) in parts.Where(part => names.Length == 0 || names.Contains(part.Key)))
    {
        await Console.Error.WriteLineAsync($"{name} is running");
        await foreach (var row in run(plan, cancellationToken))
        {
            rows.Add(row);
            if (!parsed.GetValue(json))
            {
                RelayingReport.WriteText(Console.Out, row);
            }
        }
    }

    var failures = rows.Select(row => row.Failure).OfType<string>().ToList();
    if (parsed.GetValue(json))
    {
        JsonReport.Write(
            Console.Out, rows, RelayingReport.Table(rows), failures.Count > 0 ? string.Join(" ", failures) : null);
    }

    return failures.Count > 0 ? 1 : 0;
});
