namespace Azure.Messaging.EventHubs;

/// <summary>One event of an event hub; here a record of a Kafka topic.</summary>
public sealed class EventData
{
    /// <summary>Creates an event that was not read from an event hub, for tests.</summary>
    public EventData(ReadOnlyMemory<byte> eventBody)
        : this(BinaryData.FromBytes(eventBody))
    {
    }

    /// <summary>Creates an event that was not read from an event hub, for tests.</summary>
    public EventData(BinaryData eventBody)
    {
        EventBody = eventBody;
        Properties = new Dictionary<string, object>();
        SequenceNumber = long.MinValue;
        OffsetString = null;
    }

    internal EventData(
        BinaryData eventBody, IDictionary<string, object> properties, long sequenceNumber, string offset, DateTimeOffset enqueuedTime,
        string? partitionKey)
    {
        EventBody = eventBody;
        Properties = properties;
        SequenceNumber = sequenceNumber;
        OffsetString = offset;
        EnqueuedTime = enqueuedTime;
        PartitionKey = partitionKey;
    }

    /// <summary>The record's value.</summary>
    public BinaryData EventBody { get; }

    /// <summary>The record's headers; each value is a <c>byte[]</c>. If a header is repeated, the last value is used.</summary>
    public IDictionary<string, object> Properties { get; }

    /// <summary>The record's offset in its partition; <see cref="long.MinValue"/> if the event was not read from an event hub.</summary>
    public long SequenceNumber { get; }

    /// <summary>The offset as text; null if the event was not read from an event hub.</summary>
    public string? OffsetString { get; }

    /// <summary>When the record was produced.</summary>
    public DateTimeOffset EnqueuedTime { get; }

    /// <summary>The record's key; null if it has none.</summary>
    public string? PartitionKey { get; }
}
