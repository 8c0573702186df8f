using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Topics;

/// <summary>One producer's batch on its way through the log, written from the request it came in.</summary>
internal sealed class BatchAppend(
    Topic topic, PartitionLog partition, Memory<byte> bytes, RecordBatch batch, ProduceRound round, ApplyRound applyRound) : LogEntry
{
    private ProducerState? _producerBefore;

    public override RecordKind Kind => RecordKind.Batch;

    public override EntryPayload Payload =>
        new(new BatchAddress(topic.Number, partition.Name.Partition), bytes, RecordBatch.HeaderBytes);

    public ErrorCode Error { get; private set; }

    public long BaseOffset { get; private set; } = -1;

    private bool Written { get; set; }

    public override bool Prepare()
    {
        if (topic.Deleted)
        {
            Error = ErrorCode.UnknownTopicOrPartition;
            return false;
        }

        Error = partition.Producers.Judge(batch, out var original);
        if (Error != ErrorCode.None || original >= 0)
        {
            BaseOffset = original;
            return false;
        }

        BaseOffset = partition.LogEnd;
        RecordBatch.Place(bytes.Span, BaseOffset);
        _producerBefore = partition.Producers.Add(batch, BaseOffset);
        partition.LogEnd += batch.Count;
        return Written = true;
    }

    public override void Undo()
    {
        partition.LogEnd = BaseOffset;
        if (batch.ProducerId >= 0)
        {
            partition.Producers.Restore(batch.ProducerId, _producerBefore);
        }
    }

    public override void Apply()
    {
        if (Written)
        {
            applyRound.Add(partition, bytes);
        }
    }

    public override void Complete() => round.Done();

    public override void Fail(LogFailure reason)
    {
        Error = ErrorCode.StorageError;
        BaseOffset = -1;
        if (reason != LogFailure.DiskFull)
        {
            round.Abandon(reason);
        }

        round.Done();
    }
}
