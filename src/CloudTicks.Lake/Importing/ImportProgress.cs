namespace CloudTicks.Lake.Importing;

/// <summary>How far an import is. One thread writes it, any may read it.</summary>
public sealed class ImportProgress(TimeProvider time)
{
    private long _ticks;
    private double _fraction;
    private long _began = time.GetTimestamp();

    /// <summary>The file; null before the first.</summary>
    public string? File { get; private set; }

    /// <summary>Whether another import is waited for.</summary>
    public bool Waits { get; internal set; }

    /// <summary>Whether the file was read, and its ticks are put into the lake.</summary>
    public bool Writes { get; private set; }

    /// <summary>Ticks read, or days written.</summary>
    public long Count => Interlocked.Read(ref _ticks);

    /// <summary>How much of the reading, or of the writing, is done, 0 to 1.</summary>
    public double Fraction => Volatile.Read(ref _fraction);

    /// <summary>How long it has been reading, or writing, this file.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(Interlocked.Read(ref _began));

    internal void Begin(string file, bool writes)
    {
        Interlocked.Exchange(ref _began, time.GetTimestamp());
        (File, Writes) = (file, writes);
        Set(0, 0);
    }

    internal void Set(long count, double fraction)
    {
        Interlocked.Exchange(ref _ticks, count);
        Volatile.Write(ref _fraction, fraction);
    }
}
