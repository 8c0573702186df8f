using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Decoding;

var command = new BenchmarkCommand(
    "Decodes Polygon's WebSocket messages: our reader, System.Text.Json with source generation, JSON.parse in node, and Polygon's own "
        + "JavaScript client.");
var count = command.AddCount("--count", "Ticks per feed", 300_000);
var files = command.AddRecordedTicks();
return await command.RunAsync(args, (parsed, rounds, cancellationToken) =>
{
    var (maxTicks, recorded) = (parsed.GetValue(count), parsed.GetValue(files)!);
    return DecodingBenchmark.RunAsync(
        recorded.Length > 0
            ? [("recorded ticks", TickFrames.Load(recorded, () => SyntheticTicks.Stocks(maxTicks), maxTicks))]
            : [("stock ticks", SyntheticTicks.Stocks(maxTicks)), ("currency quotes", SyntheticTicks.Pairs(maxTicks))],
        rounds,
        cancellationToken);
});
