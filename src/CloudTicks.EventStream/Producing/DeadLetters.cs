using System.Globalization;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.EventStream.Producing;

/// <summary>Writes what cannot be read to <see cref="TopicNames.DeadLetters"/>, so that the partition it came from can go on.</summary>
public sealed class DeadLetters(RecordProducer producer)
{
    private const int Partition = 0;

    /// <summary>A record of the largest size that the event hub takes leaves no room for the headers of its letter.</summary>
    private const int MaxRawBytes = 900_000;

    /// <summary>Writes one letter and waits until the event hub has it.</summary>
    /// <param name="raw">The bytes as they came.</param>
    /// <param name="origin">Where they stood in the stream, or null when they were no record.</param>
    /// <param name="cancellationToken">Ends the wait; the letter may be written all the same.</param>
    /// <exception cref="EventStreamException">The event hub refused it.</exception>
    public async Task<long> WriteAsync(ReadOnlyMemory<byte> raw, string reason, RecordOrigin? origin, CancellationToken cancellationToken)
    {
        if (raw.Length > MaxRawBytes)
        {
            reason = $"{reason} (the first {MaxRawBytes} of {raw.Length} bytes)";
            raw = raw[..MaxRawBytes];
        }

        var headers = new List<RecordHeader>(4) { RecordHeader.OfText(HeaderNames.Reason, reason) };
        if (origin is { } record)
        {
            headers.Add(RecordHeader.OfText(HeaderNames.Topic, record.Topic));
            headers.Add(RecordHeader.OfText(HeaderNames.Partition, record.Partition.ToString(CultureInfo.InvariantCulture)));
            headers.Add(RecordHeader.OfText(HeaderNames.Offset, record.Offset.ToString(CultureInfo.InvariantCulture)));
        }

        var delivered = await producer.SendAsync(TopicNames.DeadLetters, Partition, raw, headers, cancellationToken);
        return await delivered.WaitAsync(cancellationToken);
    }
}
