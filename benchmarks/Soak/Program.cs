using System.CommandLine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Soak;

var rate = new Option<int>("--rate") { Description = "Ticks per second", DefaultValueFactory = _ => 200_000 };
var seconds = new Option<int>(
    "--seconds")
{
    Description = "Duration from the first tick; memory at the end is compared with memory after a minute, or after half the time if "
        + "that is less",
    DefaultValueFactory = _ => 600
};
var json = new Option<bool>("--json") { Description = "Print the results as one JSON object" };
var command = new RootCommand(
    "Runs the simulator, the collector and the durable event hub, and reports the memory of each process over time, "
        + "and ticks that are missing.")
{
    rate, seconds, json,
};
return await BenchmarkCommand.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    var result = await SoakRun.RunAsync(
        parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellationToken);
    if (parsed.GetValue(json))
    {
        JsonReport.Write(
            Console.Out, [result], SoakReport.Table(result),
            result.IsComplete ? null : "The archive does not have exactly the ticks that were sent.");
    }
    else
    {
        SoakReport.WriteText(Console.Out, result);
    }

    return result.IsComplete ? 0 : 1;
});
