using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Links;

/// <summary>Sends records over one protocol until the event hub accepts or rejects them, in order within a partition.</summary>
internal interface IRecordLink : IAsyncDisposable
{
    /// <summary>Sends one record; <see cref="IRecordLinkEvents"/> receives the result.</summary>
    /// <exception cref="EventStreamException">The client does not accept the record.</exception>
    public void Send(PendingRecord record, ReadOnlyMemory<byte> value, IReadOnlyList<RecordHeader> headers);

    /// <summary>Does in advance the work that the first record of a topic would wait for; by default there is none.</summary>
    public Task PrepareAsync(string topic, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Queries the reason that the event hub gives for rejecting records; null when it gives none.</summary>
    public Task<string?> WriteProblemAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}
