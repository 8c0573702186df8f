using System.CommandLine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Latency;

const string help = """


    Every tick counts once in each line:
      archive  from the collector's own counts: until the event hub acknowledged the record, of a record's ticks by the first one; in steps
               of 1 ms up to 15 ms, then of an eighth of a power of two (30 ms are 'at most 31', 100 are 'at most 103')
      NATS     from a subscriber in this program, which subscribes before the feed begins; to 1 ms
      row      from the table: the commit time of PostgreSQL of each row; to 1 ms
    The receipt is the time that the collector wrote into the tick when it had read the message, in whole ms. All is one machine's clock.

    Examples (behind 'dotnet run -c Release --project benchmarks/Latency --'):
      --rates 5000                          one rate
      --rates 1000 --warm 30 --seconds 20 --json      sooner and shorter; an object for programs
      --rates 5000 --program OTHER/AppHost/Local/bin/Release/net10.0/AppHost.dll    an earlier build, to compare with
    """;
var rates = new Option<int[]>("--rates")
{
    Description = "Simulated ticks per second, one run each",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [1_000, 5_000, 50_000],
};
var warm = new Option<int>("--warm")
{
    Description = "Seconds from the first tick until the measuring begins, so that hot code is compiled; at least 10",
    DefaultValueFactory = _ => 60,
};
var seconds = new Option<int>("--seconds") { Description = "Seconds that are measured", DefaultValueFactory = _ => 30 };
var program = new Option<string>("--program")
{
    Description = "The AppHost to run, a .dll: to compare with an earlier one",
    DefaultValueFactory = _ => "",
};
var json = new Option<bool>("--json") { Description = "Print the results as one JSON object" };
warm.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() < LatencyPlan.Start.TotalSeconds)
    {
        result.AddError("--warm is 10 or more: the first ten seconds are measured apart.");
    }
});
var command = new RootCommand(
    "How long a tick takes from the socket to the archive, to a NATS subscriber and to its row: in steady state, and in the first ten "
        + "seconds apart, beside fdatasync of 4 KiB in the same run." + help)
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
