using System.Diagnostics;
using System.Text;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;

namespace CloudTicks.Benchmarks.Decoding.Sides;

/// <summary>Decodes with the collector's frame reader.</summary>
internal sealed class FrameReaderSide(TickFrames frames)
{
    private readonly FrameReader _reader = new(frames.Market, new SymbolDictionary());

    public Task<Pass> RunAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        var (ticks, sum) = (0, 0L);
        Tick tick = default;
        foreach (var frame in frames.Frames)
        {
            _reader.Open(frame, 0);
            for (var kind = _reader.Read(ref tick); kind != ElementKind.End; kind = _reader.Read(ref tick))
            {
                if (kind == ElementKind.Tick)
                {
                    ticks++;
                    sum += tick.TimestampMs;
                }
            }
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
        Tick tick = default;
        foreach (var frame in frames.Frames)
        {
            _reader.Open(frame, 0);
            for (var kind = _reader.Read(ref tick); kind != ElementKind.End; kind = _reader.Read(ref tick))
            {
                if (kind == ElementKind.Tick)
                {
                    Add(digest, tick);
                }
            }
        }

        return digest.ToString();
    }

    private static void Add(ValueDigest digest, scoped in Tick tick)
    {
        if (tick.Symbol.Market == Market.Forex)
        {
            digest.Add("C", tick.Symbol, tick.TimestampMs, Value(tick, TickFields.Bid, tick.Bid), Value(tick, TickFields.Ask, tick.Ask),
                tick.Exchange);
        }
        else if (tick.Kind == TickKind.Quote)
        {
            digest.Add(
                "Q", tick.Symbol, tick.TimestampMs,
                Value(tick, TickFields.Bid, tick.Bid), Value(tick, TickFields.BidSize, tick.BidSize),
                Value(tick, TickFields.BidExchange, tick.BidExchange),
                Value(tick, TickFields.Ask, tick.Ask), Value(tick, TickFields.AskSize, tick.AskSize),
                Value(tick, TickFields.AskExchange, tick.AskExchange),
                Value(tick, TickFields.Conditions, tick.Conditions.Length > 0 ? tick.Conditions[0] : 0),
                Value(tick, TickFields.Sequence, tick.Sequence), Value(tick, TickFields.Tape, tick.Tape));
        }
        else
        {
            digest.Add(
                "T", tick.Symbol, tick.TimestampMs, Value(tick, TickFields.Price, tick.Price), Value(tick, TickFields.Size, tick.Size),
                Value(tick, TickFields.Exchange, tick.Exchange), Encoding.UTF8.GetString(tick.TradeId),
                string.Join(',', tick.Conditions.ToArray()),
                Value(tick, TickFields.Sequence, tick.Sequence), Value(tick, TickFields.Tape, tick.Tape));
        }
    }

    private static object? Value(scoped in Tick tick, TickFields field, object value) => tick.Has(field) ? value : null;
}
