namespace CloudTicks.EventHub.Wal;

/// <summary>One change: prepared and written by the log's thread, applied in order and answered by the apply thread once durable.</summary>
internal abstract class LogEntry
{
    public abstract RecordKind Kind { get; }

    /// <summary>Whose order it keeps; null for what is small and passes all batches.</summary>
    public virtual LogSource? Source => null;

    /// <summary>What it takes of the log's time; nothing for what has no source.</summary>
    public virtual int Bytes => 0;

    /// <summary>Log thread, in order: decides the outcome; false when nothing is written (refused or repeated), still in order.</summary>
    public abstract bool Prepare();

    /// <summary>True for what makes room: it is written even when the disk is nearly full.</summary>
    public virtual bool FreesSpace => false;

    /// <summary>Log thread: the payload to write; the pieces stay unchanged until the entry is answered.</summary>
    public abstract EntryPayload Payload { get; }

    /// <summary>
    /// A file that holds it takes no more after this long, so that it can go when its records have expired; null for any time.
    /// </summary>
    public virtual TimeSpan? RollAge => null;

    /// <summary>Log thread: it is durable, and its record begins at a position of a file.</summary>
    public virtual void Stored(LogFile file, long position)
    {
    }

    /// <summary>Log thread: the write failed; takes back what <see cref="Prepare"/> changed. Called in reverse order.</summary>
    public virtual void Undo()
    {
    }

    /// <summary>Apply thread: the entry is durable (or needed no writing); makes it visible.</summary>
    public virtual void Apply()
    {
    }

    /// <summary>Apply thread: answers whoever waits for it.</summary>
    public abstract void Complete();

    /// <summary>Answers whoever waits for it: it did not happen.</summary>
    public abstract void Fail(LogFailure reason);
}
