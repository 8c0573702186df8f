using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Writing;

var command = new BenchmarkCommand(
    "Writes ticks into market_ticks. Our writer reads archive records and uses exactly-once transactions, over one connection and over "
        + "two; psql copies a prepared file of the same rows.");
var count = command.AddCount("--count", "Ticks to write", 300_000);
var files = command.AddRecordedTicks();
return await command.RunAsync(args, (parsed, rounds, cancellationToken) =>
{
    var maxTicks = parsed.GetValue(count);
    var frames = TickFrames.Load(parsed.GetValue(files)!, () => SyntheticTicks.Stocks(maxTicks), maxTicks);
    return WritingBenchmark.RunAsync(frames, rounds, cancellationToken);
});
