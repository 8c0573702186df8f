using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Wal;

internal abstract class CompletableEntry<T> : LogEntry
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the entry is durable and applied; fails with a <see cref="LogUnavailableException"/>.</summary>
    public Task<T> Completion => _completion.Task;

    protected abstract T Outcome { get; }

    public override void Complete() => _completion.TrySetResult(Outcome);

    public override void Fail(LogFailure reason) => _completion.TrySetException(new LogUnavailableException(reason));

    /// <summary>A payload of metadata, which the record's checksum covers completely.</summary>
    protected static EntryPayload MetadataPayload(Action<WireWriter> write)
    {
        using var writer = new WireWriter();
        write(writer);
        var bytes = writer.Written.ToArray();
        return new EntryPayload(null, bytes, bytes.Length);
    }
}
