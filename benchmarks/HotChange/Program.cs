using System.CommandLine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.HotChange;
using CloudTicks.LocalServices.Installation;

var rate = new Option<int>(
    "--rate")
{ Description = "Simulated ticks a second, of all symbols together", DefaultValueFactory = _ => 100_000 };
var symbols = new Option<string[]>("--symbols")
{
    Description = "The symbols that are added, one after the other",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => ["EURAUD", "EURCHF", "GBPCHF", "AUDCAD", "NZDCAD", "CADJPY", "CHFJPY"],
};
var command = new RootCommand(
    "How long after a change in the central hub an added symbol ticks on NATS and in the table, while the whole system is under load, and "
        + "whether any other symbol misses a tick.")
{
    rate, symbols,
};
command.SetAction(async (parsed, cancellationToken) =>
{
    try
    {
        return await HotChangeRun.RunAsync(parsed.GetValue(rate), parsed.GetValue(symbols)!, cancellationToken);
    }
    catch (Exception problem) when (problem is BenchmarkException or LocalServicesUnavailableException)
    {
        await Console.Error.WriteLineAsync(problem.Message);
        return 1;
    }
});
return await BenchmarkCommand.RunAsync(command, args);
