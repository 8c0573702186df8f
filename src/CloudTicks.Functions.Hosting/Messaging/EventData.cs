namespace Azure.Messaging.EventHubs;

/// <summary>One event of an event hub: here a record of a Kafka topic.</summary>
public sealed class EventData
{
    /// <summary>Makes an event that was not read from a hub, as tests do.</summary>
    public EventData(ReadOnlyMemory<byte> eventBody)
        : this(BinaryData.FromBytes(eventBody))
    {
    }

    /// <summary>Makes an event that was not read from a hub, as tests do.</summary>
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

    /// <summary>The value of the record.</summary>
    public BinaryData EventBody { get; }

    /// <summary>The headers of the record; each value is its bytes (<c>byte[]</c>). Of a name that repeats, the last counts.</summary>
    public IDictionary<string, object> Properties { get; }

    /// <summary>The offset of the record in its partition; <see cref="long.MinValue"/> when it was not read from a hub.</summary>
    public long SequenceNumber { get; }

    /// <summary>The offset as text, or null when it was not read from a hub.</summary>
    public string? OffsetString { get; }

    /// <summary>When the record was produced.</summary>
    public DateTimeOffset EnqueuedTime { get; }

    /// <summary>The key of the record, or null.</summary>
    public string? PartitionKey { get; }
}
