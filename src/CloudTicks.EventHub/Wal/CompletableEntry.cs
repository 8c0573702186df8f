using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Wal;

internal abstract class CompletableEntry<T> : LogEntry
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the entry is durable and applied, or with a <see cref="LogUnavailableException"/>.</summary>
    public Task<T> Answer => _answer.Task;

    protected abstract T Outcome { get; }

    public override void Complete() => _answer.TrySetResult(Outcome);

    public override void Fail(LogFailure reason) => _answer.TrySetException(new LogUnavailableException(reason));

    /// <summary>A payload of metadata, all of it covered by the record's checksum.</summary>
    protected static EntryPayload Whole(Action<WireWriter> write)
    {
        using var writer = new WireWriter();
        write(writer);
        var bytes = writer.Written.ToArray();
        return new EntryPayload(null, bytes, bytes.Length);
    }
}
