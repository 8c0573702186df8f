using System.Globalization;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.EventStream.Producing;

/// <summary>Writes unreadable records to <see cref="TopicNames.DeadLetters"/>, so that the reader can continue after them.</summary>
public sealed class DeadLetters(RecordProducer producer)
{
    private const int Partition = 0;

    /// <summary>The event hub's size limit for records, less space for the headers of a dead letter.</summary>
    private const int MaxRawBytes = 900_000;

    /// <summary>Writes one dead letter and waits for its acknowledgement.</summary>
    /// <param name="raw">The original bytes.</param>
    /// <param name="origin">The position of the bytes in the stream; null when they were not a record.</param>
    /// <param name="cancellationToken">Cancels the wait; the dead letter may be written nevertheless.</param>
    /// <exception cref="EventStreamException">The event hub has rejected the dead letter, or the producer has failed.</exception>
    public async Task<long> WriteAsync(ReadOnlyMemory<byte> raw, string reason, RecordOrigin? origin, CancellationToken cancellationToken)
    {
        if (raw.Length > MaxRawBytes)
        {
            reason = $"{reason} (the first {MaxRawBytes} of {raw.Length} bytes)";
            raw = raw[..MaxRawBytes];
        }

        var headers = new List<RecordHeader>(4) { RecordHeader.FromText(HeaderNames.Reason, reason) };
        if (origin is { } record)
        {
            headers.Add(RecordHeader.FromText(HeaderNames.Topic, record.Topic));
            headers.Add(RecordHeader.FromText(HeaderNames.Partition, record.Partition.ToString(CultureInfo.InvariantCulture)));
            headers.Add(RecordHeader.FromText(HeaderNames.Offset, record.Offset.ToString(CultureInfo.InvariantCulture)));
        }

        var delivered = await producer.SendAsync(TopicNames.DeadLetters, Partition, raw, headers, cancellationToken);
        return await delivered.WaitAsync(cancellationToken);
    }
}
