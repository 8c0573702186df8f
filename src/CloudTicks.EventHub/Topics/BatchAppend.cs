using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Topics;

/// <summary>The log entry of one producer's batch, written from the buffer of its request.</summary>
internal sealed class BatchAppend(
    Topic topic, PartitionLog partition, Memory<byte> bytes, RecordBatch batch, ProduceRound round, ApplyRound applyRound, LogSource source)
    : LogEntry
{
    private ProducerState? _producerBefore;
    private LogFile? _file;
    private int _at;

    public override RecordKind Kind => RecordKind.Batch;

    public override LogSource Source => source;

    public override int Bytes => bytes.Length;

    public override EntryPayload Payload =>
        new(new BatchAddress(topic.Number, partition.Name.Partition), bytes, RecordBatch.HeaderBytes);

    public override TimeSpan? RollAge => partition.RollAge;

    public ErrorCode Error { get; private set; }

    public long BaseOffset { get; private set; } = -1;

    public override bool Prepare()
    {
        if (topic.Deleted)
        {
            Error = ErrorCode.UnknownTopicOrPartition;
            return false;
        }

        Error = partition.Producers.Validate(batch, out var original);
        if (Error != ErrorCode.None || original >= 0)
        {
            BaseOffset = original;
            return false;
        }

        BaseOffset = partition.LogEnd;
        RecordBatch.SetOffset(bytes.Span, BaseOffset);
        _producerBefore = partition.Producers.Add(batch, BaseOffset);
        partition.LogEnd += batch.Count;
        return true;
    }

    public override void Undo()
    {
        partition.LogEnd = BaseOffset;
        if (batch.ProducerId >= 0)
        {
            partition.Producers.Restore(batch.ProducerId, _producerBefore);
        }
    }

    public override void OnStored(LogFile file, long position) =>
        (_file, _at) = (file, (int)(position - file.Start) + WalFiles.HeaderBytes + WalRecord.HeaderBytes + BatchAddress.Bytes);

    public override void Apply()
    {
        if (_file is not null)
        {
            applyRound.Add(partition, _file, _at, bytes.Span);
        }
    }

    public override void Complete() => round.CompleteBatch();

    public override void Fail(LogFailure reason)
    {
        Error = ErrorCode.StorageError;
        BaseOffset = -1;
        if (reason != LogFailure.DiskFull)
        {
            round.Abandon(reason);
        }

        round.CompleteBatch();
    }
}
