using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.WritingDuringRetention;

var command = new BenchmarkCommand(
    "Writes ticks into market_ticks at full speed, with and without retention runs that each drop a chunk. With retention, the rate should "
        + "be at least 95 % of the rate without.");
var count = command.AddCount("--count", "Ticks to write", 1_500_000);
var chunks = command.AddCount("--chunks", "Chunks past the retention window when a pass begins", 8);
var rows = command.AddCount("--rows", "Ticks in each of those chunks", 100_000);
var every = command.AddCount(
    "--every", "Milliseconds from one retention run to the next; each drops one chunk until none is left", 1_000);
return await command.RunAsync(args, (parsed, rounds, cancellationToken) =>
{
    var old = new OldChunks(parsed.GetValue(chunks), parsed.GetValue(rows));
    return RetentionBenchmark.RunAsync(
        SyntheticTicks.Stocks(parsed.GetValue(count)), old, TimeSpan.FromMilliseconds(parsed.GetValue(every)), rounds, cancellationToken);
});
