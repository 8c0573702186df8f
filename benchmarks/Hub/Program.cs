using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Hub;

var command = new BenchmarkCommand(
    "Produces packed record batches to 1, 8 and 32 partitions of the local event hub, which flushes before it acknowledges. The other side "
        + "writes the same batches to a file with fdatasync.");
var count = command.AddCount("--count", "Number of distinct ticks to pack into batches", 250_000);
var repeats = command.AddCount("--repeats", "How often the batches are sent per pass", 8);
return await command.RunAsync(args, (parsed, rounds, cancellationToken) => HubBenchmark.RunAsync(
    PackedBatches.Pack(SyntheticTicks.Stocks(parsed.GetValue(count)), parsed.GetValue(repeats)), rounds, cancellationToken));
