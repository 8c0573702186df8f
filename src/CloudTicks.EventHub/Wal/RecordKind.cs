namespace CloudTicks.EventHub.Wal;

/// <summary>The kinds of records in the write-ahead log. The numbers are on disk: never reuse one.</summary>
internal enum RecordKind : ushort
{
    Batch = 1,

    /// <summary>The creation of a topic in the format of the first releases, whose topics have no retention.</summary>
    TopicCreated = 2,

    TopicDeleted = 3,
    OffsetsCommitted = 4,
    ProducerIdsReserved = 5,
    GroupDeleted = 6,
    GroupStored = 7,

    /// <summary>The creation of a topic in the current format, with its settings.</summary>
    TopicCreatedWithSettings = 8,

    PartitionsAdded = 9,
    LogStartMoved = 10,
    TopicSettingsChanged = 11,
    OffsetsDeleted = 12,

    /// <summary>Unused room before a large batch; the payload has no meaning.</summary>
    Padding = 13,
}
