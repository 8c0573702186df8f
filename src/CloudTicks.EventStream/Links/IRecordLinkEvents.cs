using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Links;

/// <summary>Told what becomes of records; on the link's own threads.</summary>
internal interface IRecordLinkEvents
{
    /// <summary>The event hub has the record. The offset is -1 where the protocol does not tell it.</summary>
    public void OnTaken(PendingRecord record, long offset);

    /// <summary>The event hub does not take the record, and never will.</summary>
    public void OnRefused(PendingRecord record, EventStreamException reason);

    /// <summary>The event hub cannot be reached, or takes nothing for now; the link goes on trying.</summary>
    public void OnUnreachable(string reason);

    /// <summary>The event hub holds the link up because more comes than was paid for.</summary>
    public void OnThrottled(long answers, TimeSpan time);

    /// <summary>The link can do no more.</summary>
    public void OnFatal(EventStreamException reason);
}
