using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Producing;

var command = new BenchmarkCommand(
    "Produces ticks to 1, 8 and 32 partitions of the durable local event hub. Our producer sends packed batches; librdkafka and "
        + "Confluent.Kafka send one record per tick.");
var count = command.AddCount("--count", "Number of distinct ticks", 250_000);
var repeats = command.AddCount("--repeats", "How often the ticks are sent per pass", 8);
return await command.RunAsync(args, (parsed, rounds, cancellationToken) => ProducingBenchmark.RunAsync(
    SyntheticTicks.Stocks(parsed.GetValue(count)), parsed.GetValue(repeats), rounds, cancellationToken));
