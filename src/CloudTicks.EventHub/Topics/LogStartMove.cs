using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Topics;

/// <summary>The log entry that moves a partition's start. Earlier segments are deleted only once the entry is durable.</summary>
internal sealed class LogStartMove(Topic topic, PartitionLog partition, long offset) : CompletableEntry<ErrorCode>
{
    /// <summary>The offset that means the high watermark.</summary>
    public const long ToHighWatermark = -1;

    private ErrorCode _outcome;
    private long _start;
    private long _startBefore;
    private bool _isMoved;

    public override RecordKind Kind => RecordKind.LogStartMoved;

    public override bool FreesSpace => true;

    public PartitionLog Partition => partition;

    /// <summary>The segments before the new start, which the caller deletes.</summary>
    public IReadOnlyList<Segment> Removed { get; private set; } = [];

    public override EntryPayload Payload => MetadataPayload(writer =>
    {
        writer.WriteInt32(topic.Number);
        writer.WriteInt32(partition.Name.Partition);
        writer.WriteInt64(_start);
    });

    public override bool Prepare()
    {
        var end = partition.HighWatermark;
        _start = offset == ToHighWatermark ? end : offset;
        _outcome = topic.Deleted ? ErrorCode.UnknownTopicOrPartition
            : _start < 0 || _start > end ? ErrorCode.OffsetOutOfRange
            : ErrorCode.None;
        if (_outcome != ErrorCode.None || _start <= partition.PendingLogStart)
        {
            return false;
        }

        (_startBefore, partition.PendingLogStart) = (partition.PendingLogStart, _start);
        return _isMoved = true;
    }

    public override void Undo() => partition.PendingLogStart = _startBefore;

    public override void Apply()
    {
        if (_isMoved)
        {
            Removed = partition.MoveStart(_start);
        }
    }

    /// <summary>At startup: applies a log record. Segments that a crash left before the start are deleted at the end of recovery.</summary>
    public static void Replay(ref WireReader reader, TopicCatalog catalog, Action<PartitionLog> openPartition)
    {
        var (number, index, start) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64());
        if (catalog.FindNumber(number)?.Partition(index) is { } partition)
        {
            openPartition(partition);
            partition.PendingLogStart = Math.Max(partition.PendingLogStart, start);
        }
    }

    protected override ErrorCode Outcome => _outcome;
}
