using System.CommandLine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.WholePath;

var rates = new Option<int[]>("--rates")
{
    Description = "Simulated ticks per second, with one run for each rate",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [5_000, 25_000, 50_000, 100_000],
};
var length = new Option<string>("--for")
{
    Description = "Duration of each run from its first tick",
    DefaultValueFactory = _ => "60s",
};
var json = new Option<bool>("--json") { Description = "Print the results as one JSON object" };
var command = new RootCommand(
    "Measures how many ticks per second the whole system sustains on this machine, from the simulator to TimescaleDB and NATS.")
{
    rates, length, json,
};
return await BenchmarkCommand.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    var time = parsed.GetValue(length)!;
    var runs = new List<AppHostRun>();
    if (!parsed.GetValue(json))
    {
        RunReport.WriteHead(Console.Out, time);
    }

    foreach (var rate in parsed.GetValue(rates)!)
    {
        runs.Add(await AppHostRun.RunAsync(rate, time, cancellationToken));
        if (!parsed.GetValue(json))
        {
            RunReport.WriteText(Console.Out, runs[^1]);
        }
    }

    if (parsed.GetValue(json))
    {
        var failed = runs.Find(run => !run.Ok);
        JsonReport.Write(
            Console.Out, runs, RunReport.Table(runs), failed is null ? null : $"Not every tick arrived at {failed.Rate} ticks/s.");
    }

    return runs.TrueForAll(run => run.Ok) ? 0 : 1;
});
