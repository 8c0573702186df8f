namespace CloudTicks.EventHub.Wal;

/// <summary>One change. The log thread prepares and writes it; the apply thread applies and completes it in order once it is
/// durable.</summary>
internal abstract class LogEntry
{
    public abstract RecordKind Kind { get; }

    /// <summary>
    /// The source of the entry. Entries of one source keep their order; null for small entries, which overtake all batches.
    /// </summary>
    public virtual LogSource? Source => null;

    /// <summary>Bytes that count for the fair queue; 0 without a source.</summary>
    public virtual int Bytes => 0;

    /// <summary>Log thread, in log order: decides whether the entry is written. Returns false for a refused entry or a duplicate.</summary>
    public abstract bool Prepare();

    /// <summary>True for an entry that frees space: it is written even when the disk is almost full.</summary>
    public virtual bool FreesSpace => false;

    /// <summary>Log thread: the payload to write, which must not change until the entry completes.</summary>
    public abstract EntryPayload Payload { get; }

    /// <summary>
    /// Maximum age of a file that contains the entry, so that the file can be deleted after its records expire; null for unlimited.
    /// </summary>
    public virtual TimeSpan? RollAge => null;

    /// <summary>Log thread: called when the entry is durable, with the file and the position at which its record begins.</summary>
    public virtual void OnStored(LogFile file, long position)
    {
    }

    /// <summary>Log thread: undoes what <see cref="Prepare"/> changed, because the write failed; called in reverse order.</summary>
    public virtual void Undo()
    {
    }

    /// <summary>Apply thread: makes an entry visible that is durable or needs no write.</summary>
    public virtual void Apply()
    {
    }

    /// <summary>Apply thread: completes the entry for its caller.</summary>
    public abstract void Complete();

    /// <summary>Fails the entry for its caller: it was not written.</summary>
    public abstract void Fail(LogFailure reason);
}
