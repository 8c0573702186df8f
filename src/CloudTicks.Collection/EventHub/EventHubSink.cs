using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Records;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.Collection.EventHub;

/// <summary>Sends records, each with a header that names its feed, to the archive, and rejected elements to the dead letters.</summary>
internal sealed class EventHubSink(RecordProducer producer, string feed) : IRecordSink
{
    private readonly IReadOnlyList<RecordHeader> _headers = [RecordHeader.FromText(HeaderNames.Feed, feed)];

    public TimeSpan? UnavailableFor => producer.HubOutageDuration;

    public string? UnavailableReason => producer.HubOutageReason;

    public ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        if (record.Content == RecordContent.DeadLetter)
        {
            var (raw, reason) = DeadLetterRecord.Read(record.Value);
            return WaitAsync(
                producer.SendAsync(TopicNames.DeadLetters, 0, raw, [RecordHeader.FromText(HeaderNames.Reason, reason)], cancellationToken));
        }

        var accepted = producer.SendAsync(TopicNames.TickArchive, record.Partition, record.Value, HeadersOf(record), cancellationToken);
        return accepted.IsCompletedSuccessfully ? new ValueTask<Task>(accepted.Result) : WaitAsync(accepted);
    }

    private IReadOnlyList<RecordHeader> HeadersOf(in OutgoingRecord record) =>
        record.TraceParent is { } parent ? [.. _headers, RecordHeader.FromText(HeaderNames.TraceParent, parent)] : _headers;

    private static async ValueTask<Task> WaitAsync(ValueTask<Task<long>> accepted) => await accepted;
}
