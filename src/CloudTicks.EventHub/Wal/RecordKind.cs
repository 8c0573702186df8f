namespace CloudTicks.EventHub.Wal;

/// <summary>What a record of the write-ahead log says. The numbers are on disk: never reuse one.</summary>
internal enum RecordKind : ushort
{
    Batch = 1,

    /// <summary>Written by the first releases, in whose layout a topic has no retention.</summary>
    TopicCreated = 2,

    TopicDeleted = 3,
    OffsetsCommitted = 4,
    ProducerIdsReserved = 5,
    GroupDeleted = 6,
    GroupStored = 7,
    TopicMade = 8,
    PartitionsAdded = 9,
    LogStartMoved = 10,
    TopicSettingsChanged = 11,
    OffsetsDeleted = 12,

    /// <summary>Room in front of a large batch that was not used; its payload says nothing.</summary>
    Padding = 13,
}
