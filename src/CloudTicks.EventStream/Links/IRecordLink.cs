using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Links;

/// <summary>Sends records over one protocol until the event hub accepts or rejects them, in order within a partition.</summary>
internal interface IRecordLink : IAsyncDisposable
{
    /// <summary>Sends one record; <see cref="IRecordLinkEvents"/> receives the result.</summary>
    /// <exception cref="EventStreamException">The client does not accept the record.</exception>
    public void Send(PendingRecord record, ReadOnlyMemory<byte> value, IReadOnlyList<RecordHeader> headers);

    /// <summary>Does the work that the first record of a topic would otherwise wait for. Does nothing by default.</summary>
    public Task PrepareAsync(string topic, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Queries why the event hub rejects records; null when it reports no reason.</summary>
    public Task<string?> GetWriteProblemAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}
