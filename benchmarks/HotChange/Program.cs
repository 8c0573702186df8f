using System.CommandLine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.HotChange;

var rate = new Option<int>(
    "--rate")
{ Description = "Simulated ticks per second, of all symbols together", DefaultValueFactory = _ => 100_000 };
var symbols = new Option<string[]>("--symbols")
{
    Description = "The symbols to add, one after another",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => ["EURAUD", "EURCHF", "GBPCHF", "AUDCAD", "NZDCAD", "CADJPY", "CHFJPY"],
};
var json = new Option<bool>("--json") { Description = "Print the results as one JSON object" };
var command = new RootCommand(
    "Measures the time from a change in the central hub to the first tick of the added symbol on NATS and in the table, while the whole "
        + "system is under load, and checks that no other symbol misses a tick.")
{
    rate, symbols, json,
};
return await BenchmarkCommand.RunAsync(command, args, (parsed, cancellationToken) =>
    HotChangeRun.RunAsync(parsed.GetValue(rate), parsed.GetValue(symbols)!, parsed.GetValue(json), cancellationToken));
