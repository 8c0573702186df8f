using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.FanOut;

var command = new BenchmarkCommand(
    "Publishes ticks on NATS over one connection. Our side reads archive records and writes the JSON of each tick; libnats sends prepared "
        + "subjects and bytes.");
var count = command.AddCount("--count", "Ticks to publish", 640_000);
var subjects = command.AddCount("--subjects", "Subjects, one per symbol, all used equally often", 8_000);
return await command.RunAsync(args, (parsed, rounds, cancellationToken) =>
    FanOutBenchmark.RunAsync(SyntheticTicks.ManyStocks(parsed.GetValue(subjects), parsed.GetValue(count)), rounds, cancellationToken));
