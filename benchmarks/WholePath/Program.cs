using System.CommandLine;
using CloudTicks.Benchmarks.WholePath;

var rates = new Option<int[]>("--rates")
{
    Description = "Simulated ticks per second, one run each",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [5_000, 25_000, 50_000, 100_000],
};
var time = new Option<string>("--for")
{
    Description = "Length of each run from its first tick",
    DefaultValueFactory = _ => "60s",
};
var command = new RootCommand(
    "How many ticks a second the whole system sustains on this machine: simulator, collector, event hub, TimescaleDB and NATS together.")
{
    rates, time,
};
command.SetAction((result, cancellationToken) => RateTable.RunAsync(result.GetValue(rates)!, result.GetValue(time)!, cancellationToken));
return await command.Parse(args).InvokeAsync();
