namespace CloudTicks.EventHub.Wal;

/// <summary>What a record of the write-ahead log says. The numbers are on disk: never reuse one.</summary>
internal enum RecordKind : ushort
{
    Batch = 1,
    TopicCreated = 2,
    TopicDeleted = 3,
    OffsetsCommitted = 4,
    ProducerIdsReserved = 5,
    GroupDeleted = 6,
    GroupStored = 7,
}
