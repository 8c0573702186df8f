using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Ingest;

var command = new BenchmarkCommand(
    "Sends ticks over a WebSocket to a collector, until the local event hub has acknowledged all of them in 1, 8 and 32 partitions. The "
        + "rate is compared with 523,000 ticks/s, the busiest second of 2024 on the Nasdaq tape.");
var count = command.AddCount("--count", "Number of distinct ticks", 300_000);
var repeats = command.AddCount("--repeats", "How often the ticks are sent per pass", 4);
return await command.RunAsync(args, (parsed, rounds, cancellationToken) => IngestBenchmark.RunAsync(
    SyntheticTicks.Stocks(parsed.GetValue(count)), parsed.GetValue(repeats), rounds, cancellationToken));
