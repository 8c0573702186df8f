using CloudTicks.Collection.Records;

namespace CloudTicks.Collection.Delivery;

/// <summary>The destination of records: the event hub, or a server that receives them over HTTP.</summary>
internal interface IRecordSink
{
    /// <summary>How long the sink has acknowledged nothing although records wait; null when it acknowledges.</summary>
    public TimeSpan? UnavailableFor { get; }

    /// <summary>Why the sink acknowledges nothing, in a few words; null when it acknowledges or the reason is unknown.</summary>
    public string? UnavailableReason => null;

    /// <summary>
    /// Hands over one record. The outer task completes when the sink has accepted the record; await it before sending the next record of
    /// the same partition, to keep the order. The inner task completes when the destination has acknowledged the record. Sending is retried
    /// during an outage.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait for room, but not the sending.</param>
    /// <exception cref="EventStream.EventStreamException">The event hub refused the record permanently.</exception>
    /// <exception cref="CollectorException">The event hub lost the archive, and another archive has taken its place.</exception>
    public ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken);
}
