using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Links;

/// <summary>
/// Carries records to the event hub by one protocol. Each is sent until the hub takes or refuses it; those of a partition keep their order.
/// </summary>
internal interface IRecordLink : IAsyncDisposable
{
    /// <summary>Hands over one record, whose answer comes by <see cref="IRecordLinkEvents"/>.</summary>
    /// <exception cref="EventStreamException">The client does not take it.</exception>
    public void Send(PendingRecord record, ReadOnlyMemory<byte> value, IReadOnlyList<RecordHeader> headers);

    /// <summary>Why the event hub takes no records, in its own words; null when it does not say.</summary>
    public Task<string?> WriteProblemAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}
