using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.FanOut;

var command = new BenchmarkCommand(
    "Publishes ticks on NATS over one connection: ours from archive records with the JSON of each tick, libnats from ready subjects and "
        + "bytes.");
var count = command.AddCount("--count", "Ticks to publish", 640_000);
var subjects = command.AddCount("--subjects", "Subjects, one a symbol, each as often as the others", 8_000);
return await command.RunAsync(args, (parsed, rounds, cancellationToken) =>
    FanOutBenchmark.RunAsync(SyntheticTicks.ManyStocks(parsed.GetValue(subjects), parsed.GetValue(count)), rounds, cancellationToken));
