using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Lake.Sql;

/// <summary>Adds to a session the ticks and gaps from archive records that the lake does not have yet.</summary>
public sealed class ArchiveTail(EventStreamConnection connection, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly Dictionary<Guid, FeedGap> _gaps = [];

    /// <summary>The number of ticks read.</summary>
    public long Ticks { get; private set; }

    /// <summary>The number of unreadable records, which are left out.</summary>
    public long Damaged { get; private set; }

    /// <summary>Reads up to the current end of the archive.</summary>
    /// <param name="session">Receives the ticks and gaps; must not be sealed yet.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="EventStreamException">The event hub does not answer, or has no archive.</exception>
    public async Task ReadAsync(LakeSession session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var stream = await StreamIdentity.ResolveAsync(
            connection, TopicNames.TickArchive, NullLogger.Instance, Timeout, cancellationToken);
        using var positions = new StreamPositions(connection, time, NullLogger<StreamPositions>.Instance);
        var ends = await positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken);
        var ranges = ends.Select(end => new OffsetRange(
            end.Partition, Math.Clamp(session.NextOffset(stream, end.Partition), end.Low, end.High), end.High)).ToList();
        var records = new RecordConsumer(connection, time, NullLogger<RecordConsumer>.Instance);
        await foreach (var record in records.ReadAsync(TopicNames.TickArchive, ranges, cancellationToken))
        {
            Add(session, record);
        }

        foreach (var gap in _gaps.Values)
        {
            session.Add(gap);
        }
    }

    private void Add(LakeSession session, StreamRecord record)
    {
        try
        {
            if (!GapRecord.IsGap(record.Value.Span))
            {
                AddTicks(session, record);
            }
            else if (!GapRecord.TryRead(record.Value, out var gap, out _))
            {
                Damaged++;
            }
            else if (!_gaps.TryGetValue(gap.Id, out var known) || known.ChangedMs <= gap.ChangedMs)
            {
                _gaps[gap.Id] = gap;
            }
        }
        catch (TickBatchFormatException)
        {
            Damaged++;
        }
    }

    private void AddTicks(LakeSession session, StreamRecord record)
    {
        _reader.Open(record.Value);
        var tick = default(Tick);
        while (_reader.TryRead(ref tick))
        {
            session.Add(tick, _reader.Source, record.Origin.Partition, record.Origin.Offset);
            Ticks++;
        }
    }
}
