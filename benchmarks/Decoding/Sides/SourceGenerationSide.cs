using System.Diagnostics;
using System.Text.Json;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Ticks;

namespace CloudTicks.Benchmarks.Decoding.Sides;

/// <summary>Deserializes each frame to an array of objects with System.Text.Json's source generation.</summary>
internal sealed class SourceGenerationSide(TickFrames frames)
{
    public Task<Pass> RunAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        var (ticks, sum) = (0, 0L);
        foreach (var frame in frames.Frames)
        {
            ticks += frames.Market == Market.Forex ? AddPairs(frame, ref sum) : AddStocks(frame, ref sum);
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        var pass = new Pass(ticks, elapsed, GC.GetAllocatedBytesForCurrentThread() - allocatedBefore);
        // Using the sum forces the values to be read.
        return Task.FromResult(sum > 0 ? pass : throw new InvalidOperationException("The ticks have no times."));
    }

    /// <summary>The digest of all values of all ticks.</summary>
    public string Digest()
    {
        using var digest = new ValueDigest();
        foreach (var frame in frames.Frames)
        {
            if (frames.Market == Market.Forex)
            {
                foreach (var quote in Pairs(frame))
                {
                    digest.Add(quote.Type, quote.Pair?.Replace("/", "", StringComparison.Ordinal), quote.Timestamp, quote.Bid, quote.Ask,
                        quote.Exchange);
                }
            }
            else
            {
                foreach (var tick in Stocks(frame))
                {
                    Add(digest, tick);
                }
            }
        }

        return digest.ToString();
    }

    private static void Add(ValueDigest digest, PolygonEvent tick)
    {
        if (tick.Type == "Q")
        {
            digest.Add(
                tick.Type, tick.Symbol, tick.Timestamp, tick.Bid, tick.BidSize, tick.BidExchange, tick.Ask, tick.AskSize, tick.AskExchange,
                Codes(tick), tick.Sequence, tick.Tape);
        }
        else
        {
            digest.Add(
                tick.Type, tick.Symbol, tick.Timestamp, tick.Price, tick.Size, tick.Exchange, tick.TradeId,
                Codes(tick), tick.Sequence, tick.Tape);
        }
    }

    private static string Codes(PolygonEvent tick) => tick.Conditions is { } codes ? codes.GetRawText().Trim('[', ']') : "";

    private int AddStocks(byte[] frame, ref long sum)
    {
        var ticks = Stocks(frame);
        foreach (var tick in ticks)
        {
            sum += tick.Timestamp;
        }

        return ticks.Length;
    }

    private int AddPairs(byte[] frame, ref long sum)
    {
        var quotes = Pairs(frame);
        foreach (var quote in quotes)
        {
            sum += quote.Timestamp;
        }

        return quotes.Length;
    }

    private static PolygonEvent[] Stocks(byte[] frame) => JsonSerializer.Deserialize(frame, PolygonEventContext.Default.PolygonEventArray)!;

    private static PolygonPairEvent[] Pairs(byte[] frame) =>
        JsonSerializer.Deserialize(frame, PolygonEventContext.Default.PolygonPairEventArray)!;
}
