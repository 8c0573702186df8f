using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Links;

/// <summary>Receives the results of records, on the link's own threads.</summary>
internal interface IRecordLinkEvents
{
    /// <summary>The event hub has accepted the record. The offset is -1 when the protocol does not report it.</summary>
    public void OnAccepted(PendingRecord record, long offset);

    /// <summary>The event hub has permanently rejected the record.</summary>
    public void OnRejected(PendingRecord record, EventStreamException reason);

    /// <summary>The event hub is unreachable, or accepts nothing for now; the link keeps trying.</summary>
    public void OnUnreachable(string reason);

    /// <summary>The event hub delays the link because records arrive faster than the paid rate.</summary>
    public void OnThrottled(long responses, TimeSpan time);

    /// <summary>The link has failed.</summary>
    public void OnFatal(EventStreamException reason);
}
