namespace CloudTicks.Lake.Importing;

/// <summary>The progress of an import. One thread writes, any thread may read.</summary>
public sealed class ImportProgress(TimeProvider time)
{
    private long _ticks;
    private double _fraction;
    private long _startedAt = time.GetTimestamp();

    /// <summary>The current file; null before the first one.</summary>
    public string? File { get; private set; }

    /// <summary>Whether the import is waiting for another import to finish.</summary>
    public bool IsWaiting { get; internal set; }

    /// <summary>Whether the file has been read and its ticks are being written.</summary>
    public bool IsWriting { get; private set; }

    /// <summary>While the file is read, the number of ticks read; while its ticks are written, the number of days written.</summary>
    public long Count => Interlocked.Read(ref _ticks);

    /// <summary>The progress of reading or writing, 0 to 1.</summary>
    public double Fraction => Volatile.Read(ref _fraction);

    /// <summary>The time since the reading or writing of this file started.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(Interlocked.Read(ref _startedAt));

    internal void Begin(string file, bool writes)
    {
        Interlocked.Exchange(ref _startedAt, time.GetTimestamp());
        (File, IsWriting) = (file, writes);
        Set(0, 0);
    }

    internal void Set(long count, double fraction)
    {
        Interlocked.Exchange(ref _ticks, count);
        Volatile.Write(ref _fraction, fraction);
    }
}
