using System.CommandLine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Soak;

var rate = new Option<int>("--rate") { Description = "Ticks a second", DefaultValueFactory = _ => 200_000 };
var seconds = new Option<int>(
    "--seconds")
{
    Description = "How long, from the first tick; memory is compared with that after a minute, or after half the time if "
        + "that is less",
    DefaultValueFactory = _ => 600
};
var json = new Option<bool>("--json") { Description = "Print the results as one JSON object" };
var command = new RootCommand(
    "Lets the simulator send to the collector, and the collector to the durable event hub, and reports the memory of each over the time, "
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
            Console.Out, [result], SoakReport.Table(result), result.IsComplete ? null : "The archive has other ticks than were sent.");
    }
    else
    {
        SoakReport.WriteText(Console.Out, result);
    }

    return result.IsComplete ? 0 : 1;
});
