using System.CommandLine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Soak;
using CloudTicks.LocalServices.Installation;

var rate = new Option<int>("--rate") { Description = "Ticks a second", DefaultValueFactory = _ => 200_000 };
var seconds = new Option<int>(
    "--seconds")
{
    Description = "How long, from the first tick; memory is compared with that after a minute, or after half the time if "
        + "that is less",
    DefaultValueFactory = _ => 600
};
var command = new RootCommand(
    "Lets the simulator send to the collector, and the collector to the durable event hub, and reports the memory of each over the time, "
        + "and ticks that are missing.")
{
    rate, seconds,
};
command.SetAction(async (parsed, cancellationToken) =>
{
    try
    {
        return await SoakRun.RunAsync(parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellationToken);
    }
    catch (Exception problem) when (problem is BenchmarkException or LocalServicesUnavailableException)
    {
        await Console.Error.WriteLineAsync(problem.Message);
        return 1;
    }
});
return await BenchmarkCommand.RunAsync(command, args);
