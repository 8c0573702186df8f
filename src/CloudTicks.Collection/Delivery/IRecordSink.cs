using CloudTicks.Collection.Records;

namespace CloudTicks.Collection.Delivery;

/// <summary>Where records go: the event hub, or a server that takes them over HTTP.</summary>
internal interface IRecordSink
{
    /// <summary>How long it has acknowledged nothing although records wait for it; null while it does.</summary>
    public TimeSpan? AwayFor { get; }

    /// <summary>Why it acknowledges nothing, in a few words; null while it does, or where that is not known.</summary>
    public string? AwayReason => null;

    /// <summary>
    /// Hands over one record. The outer task completes when it was taken (await it before the next record of the same partition, which
    /// keeps the order), the inner one when it is safe there. It is sent again for as long as the other side is away.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait for room, not the sending.</param>
    /// <exception cref="CollectorException">The other side will never take it.</exception>
    public ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken);
}
