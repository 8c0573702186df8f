using System.CommandLine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Latency;

const string help = """


    Each line counts every tick once:
      archive  from the collector's own counts: until the event hub acknowledged the record, measured from the record's first tick; in
               steps of 1 ms up to 15 ms, then an eighth of a power of two (30 ms is shown as 31, 100 ms as 103)
      NATS     from a subscriber in this program, which subscribes before the feed begins; to 1 ms
      row      from the table: PostgreSQL's commit time of each row; to 1 ms
    NATS and row are measured from the time that the collector wrote into the tick when it had read the message, in whole ms. All clocks
    are this machine's.

    Examples (after 'dotnet run -c Release --project benchmarks/Latency --'):
      --rates 5000                          one rate
      --rates 1000 --warm 30 --seconds 20 --json      a shorter run; JSON output
      --rates 5000 --program OTHER/AppHost/Local/bin/Release/net10.0/AppHost.dll    an earlier build, for comparison
    """;
var rates = new Option<int[]>("--rates")
{
    Description = "Simulated ticks per second, with one run for each rate",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [1_000, 5_000, 50_000],
};
var warm = new Option<int>("--warm")
{
    Description = "Seconds from the first tick to the start of the measurement, so that hot code is compiled; at least 10",
    DefaultValueFactory = _ => 60,
};
var seconds = new Option<int>("--seconds") { Description = "Seconds to measure", DefaultValueFactory = _ => 30 };
var program = new Option<string>("--program")
{
    Description = "The .dll of another AppHost to run, such as an earlier version; default: this build",
    DefaultValueFactory = _ => "",
};
var json = new Option<bool>("--json") { Description = "Print the results as one JSON object" };
warm.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() < LatencyPlan.Start.TotalSeconds)
    {
        result.AddError("--warm must be at least 10, because the first ten seconds are measured separately.");
    }
});
var command = new RootCommand(
    "Measures how long a tick takes from the socket to the archive, to a NATS subscriber and to its row, in steady state and, separately, "
        + "in the first ten seconds; fdatasync of 4 KiB is measured in the same run for comparison." + help)
{
    rates, warm, seconds, program, json,
};
return await BenchmarkCommand.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    var plan = new LatencyPlan(
        TimeSpan.FromSeconds(parsed.GetValue(warm)), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(program)!);
    var results = new List<LatencyResult>();
    foreach (var rate in parsed.GetValue(rates)!)
    {
        results.Add(await LatencyRun.RunAsync(rate, plan, cancellationToken));
        if (!parsed.GetValue(json))
        {
            LatencyReport.WriteText(Console.Out, results[^1]);
        }
    }

    if (parsed.GetValue(json))
    {
        JsonReport.Write(Console.Out, results, LatencyReport.Table(results));
    }

    return 0;
});
