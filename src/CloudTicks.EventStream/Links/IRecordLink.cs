using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Links;

/// <summary>Sends records by one protocol, each until the hub takes or refuses it, in order within a partition.</summary>
internal interface IRecordLink : IAsyncDisposable
{
    /// <summary>Hands over one record, whose answer comes by <see cref="IRecordLinkEvents"/>.</summary>
    /// <exception cref="EventStreamException">The client does not take it.</exception>
    public void Send(PendingRecord record, ReadOnlyMemory<byte> value, IReadOnlyList<RecordHeader> headers);

    /// <summary>Does what the first record of a topic would wait for. Ends at once where there is nothing to do ahead.</summary>
    public Task PrepareAsync(string topic, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Why the event hub takes no records, in its own words; null when it does not say.</summary>
    public Task<string?> WriteProblemAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}
