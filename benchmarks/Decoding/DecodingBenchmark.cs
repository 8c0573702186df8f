using System.Globalization;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Decoding.Sides;

namespace CloudTicks.Benchmarks.Decoding;

/// <summary>Compares our decoder with JavaScript and with System.Text.Json.</summary>
internal static class DecodingBenchmark
{
    private const string Parse = "node, JSON.parse";
    private const string Client = "node, @polygon.io/client-js";
    private const string SourceGeneration = "System.Text.Json, source generation";

    public static async IAsyncEnumerable<ComparisonResult> RunAsync(
        IReadOnlyList<(string Name, TickFrames Frames)> feeds, int rounds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var folder = new JavaScriptFolder();
        var node = await folder.PrepareAsync(cancellationToken);
        foreach (var (name, frames) in feeds)
        {
            var ours = new FrameReaderSide(frames);
            var generated = new SourceGenerationSide(frames);
            var sides = new List<Side> { new("ours, FrameReader", ours.RunAsync), new(SourceGeneration, generated.RunAsync) };
            var targets = new List<Target> { new(SourceGeneration, 2, 5) };
            var expected = ours.Digest();
            Compare(expected, generated.Digest(), SourceGeneration);
            if (node is not null)
            {
                await node.WriteFramesAsync(frames, cancellationToken);
                await AddAsync("parse", Parse);
                if (node.HasClient)
                {
                    await AddAsync("client", Client);
                }
            }

            var title = string.Create(
                CultureInfo.InvariantCulture,
                $"{frames.Ticks:N0} {name}, {frames.Bytes / frames.Ticks} B each");
            yield return await new Comparison(title, sides, targets).RunAsync(
                rounds, $"every side read the same values of every tick: SHA-256 {expected[..16]}...", cancellationToken);

            async Task AddAsync(string mode, string side)
            {
                Compare(expected, await node.DigestAsync(mode, cancellationToken), side);
                sides.Add(new Side(side, token => node.RunAsync(mode, token)));
                targets.Add(new Target(side, 3, 6));
            }
        }
    }

    private static void Compare(string expected, string actual, string side)
    {
        if (actual != expected)
        {
            throw new BenchmarkException($"{side} read values that differ from our reader's: SHA-256 {actual} instead of {expected}.");
        }
    }
}
