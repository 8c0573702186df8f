using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Identity;
using CloudTicks.Verification.SystemParts;

namespace CloudTicks.Verification.Reconciling;

/// <summary>
/// The ticks in the dead letters, and the number of JSON elements of frames that collectors refused. At most a million ticks are read;
/// further ones count as missing.
/// </summary>
internal sealed class RefusedTicks
{
    private const int MaxTicks = 1_000_000;

    private readonly HashSet<(string Symbol, long TimestampMs, ulong Identity)> _ticks = [];

    /// <summary>The number of JSON elements of the feed's frames that collectors have refused since the given time.</summary>
    public long Elements { get; private set; }

    public int Count => _ticks.Count;

    /// <summary>Reads the dead letters written since a time.</summary>
    /// <exception cref="CloudTicks.EventStream.EventStreamException">The dead letters cannot be read.</exception>
    public static async Task<RefusedTicks> ReadAsync(OperatedSystem system, long writtenMs, CancellationToken cancellationToken)
    {
        var refused = new RefusedTicks();
        var ends = await system.Positions.GetWatermarksAsync(TopicNames.DeadLetters, cancellationToken);
        var since = await system.Positions.GetOffsetsSinceAsync(TopicNames.DeadLetters, writtenMs, cancellationToken);
        OffsetRange[] ranges =
            [.. ends.Select(
                end => new OffsetRange(end.Partition, Math.Clamp(since.GetValueOrDefault(end.Partition), end.Low, end.High), end.High))];
        await foreach (var letter in system.Records.ReadAsync(TopicNames.DeadLetters, ranges, cancellationToken))
        {
            refused.Add(letter);
        }

        return refused;
    }

    public bool Contains(string symbol, long timestampMs, ulong identity) => _ticks.Contains((symbol, timestampMs, identity));

    private void Add(StreamRecord letter)
    {
        if (letter.HeaderText(HeaderNames.Topic) is null)
        {
            Elements++;
            return;
        }

        var reader = new TickBatchReader(new SymbolDictionary());
        var tick = default(Tick);
        try
        {
            reader.Open(letter.Value);
            while (_ticks.Count < MaxTicks && reader.TryRead(ref tick))
            {
                _ticks.Add((tick.Symbol.Name, tick.TimestampMs, TickIdentity.Of(tick)));
            }
        }
        catch (TickBatchFormatException)
        {
            // The record is unreadable; it is counted when the archive is read.
        }
    }
}
