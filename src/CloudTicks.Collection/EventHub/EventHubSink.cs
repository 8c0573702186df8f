using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Records;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.Collection.EventHub;

/// <summary>Sends records to the archive of the event hub, where each names its feed, and what was refused to its dead letters.</summary>
internal sealed class EventHubSink(RecordProducer producer, string feed) : IRecordSink
{
    private readonly IReadOnlyList<RecordHeader> _headers = [RecordHeader.OfText(HeaderNames.Feed, feed)];

    public TimeSpan? AwayFor => producer.HubAwayFor;

    public string? AwayReason => producer.HubAwayReason;

    public ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        if (record.Content == RecordContent.DeadLetter)
        {
            var (raw, reason) = DeadLetterRecord.Read(record.Value);
            return WaitAsync(
                producer.SendAsync(TopicNames.DeadLetters, 0, raw, [RecordHeader.OfText(HeaderNames.Reason, reason)], cancellationToken));
        }

        var taken = producer.SendAsync(TopicNames.TickArchive, record.Partition, record.Value, HeadersOf(record), cancellationToken);
        return taken.IsCompletedSuccessfully ? new ValueTask<Task>(taken.Result) : WaitAsync(taken);
    }

    private IReadOnlyList<RecordHeader> HeadersOf(in OutgoingRecord record) =>
        record.TraceParent is { } parent ? [.. _headers, RecordHeader.OfText(HeaderNames.TraceParent, parent)] : _headers;

    private static async ValueTask<Task> WaitAsync(ValueTask<Task<long>> taken) => await taken;
}
