using CloudTicks.History;
using CloudTicks.Lake.Reading;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Rest;

/// <summary>Reads from the lake, if one is configured, the ticks of one symbol and kind that are older than the table.</summary>
internal sealed class LakeScan(LakeReader lake, LakeCoverage coverage)
{
    /// <summary>Whether the lake has every tick that is older than the table.</summary>
    /// <exception cref="LakeUnavailableException">The lake cannot be read.</exception>
    public Task<bool> CoversAsync(long tableMs, CancellationToken cancellationToken) => coverage.CoversAsync(tableMs, cancellationToken);

    /// <summary>Passes the ticks of a time range to the sink, each once, in the direction of reading, until the sink is full.</summary>
    /// <exception cref="LakeUnavailableException">The lake cannot be read, or is busy with other requests.</exception>
    public Task ReadAsync(TickQuery query, long fromMs, long toMs, ITickSink sink, CancellationToken cancellationToken)
    {
        long? last = null;
        bool Visit(scoped in Tick tick, TickSource source, ulong identity)
        {
            // The sink sorts the ticks of a millisecond itself, so pass all ticks of the last millisecond.
            if (sink.IsFull && tick.TimestampMs != last)
            {
                return false;
            }

            last = tick.TimestampMs;
            sink.Add(tick, identity, mayRepeat: false);
            return true;
        }

        return lake.ReadAsync(Range(query, fromMs, toMs) with { IsBackward = query.IsBackward }, Visit, cancellationToken);
    }

    /// <summary>Returns the time of the first tick of a symbol and kind, Unix ms, UTC; null if the lake has none.</summary>
    /// <exception cref="LakeUnavailableException">The lake cannot be read, or is busy with other requests.</exception>
    public async Task<long?> FirstMsAsync(TickQuery query, CancellationToken cancellationToken)
    {
        long? first = null;
        bool Visit(scoped in Tick tick, TickSource source, ulong identity)
        {
            first = tick.TimestampMs;
            return false;
        }

        await lake.ReadAsync(Range(query, 0, long.MaxValue) with { BatchRows = 1 }, Visit, cancellationToken);
        return first;
    }

    private static LakeTickRange Range(TickQuery query, long fromMs, long toMs) => new()
    {
        Market = query.Symbol.Market,
        Symbols = [query.Symbol],
        Kind = query.Kind,
        FromMs = fromMs,
        ToMs = toMs,
        BatchRows = query.SliceRows,
    };
}
