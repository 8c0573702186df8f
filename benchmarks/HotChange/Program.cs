using System.CommandLine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.HotChange;

var rate = new Option<int>(
    "--rate")
{ Description = "Simulated ticks a second, of all symbols together", DefaultValueFactory = _ => 100_000 };
var symbols = new Option<string[]>("--symbols")
{
    Description = "The symbols that are added, one after the other",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => ["EURAUD", "EURCHF", "GBPCHF", "AUDCAD", "NZDCAD", "CADJPY", "CHFJPY"],
};
var json = new Option<bool>("--json") { Description = "Print the results as one JSON object" };
var command = new RootCommand(
    "How long after a change in the central hub an added symbol ticks on NATS and in the table, while the whole system is under load, and "
        + "whether any other symbol misses a tick.")
{
    rate, symbols, json,
};
return await BenchmarkCommand.RunAsync(command, args, (parsed, cancellationToken) =>
    HotChangeRun.RunAsync(parsed.GetValue(rate), parsed.GetValue(symbols)!, parsed.GetValue(json), cancellationToken));
