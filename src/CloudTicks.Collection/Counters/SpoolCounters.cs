namespace CloudTicks.Collection.Counters;

/// <summary>
/// The spool's counts since the start, such as records spooled and drained, and ticks dropped for lack of room. Thread-safe.
/// </summary>
internal sealed class SpoolCounters
{
    private long _spooledTicks;
    private long _spooledRecords;
    private long _drainedTicks;
    private long _drainedRecords;
    private long _earlierTicks;
    private long _conflatedTicks;
    private long _refusedTicks;
    private long _damagedRecords;
    private long _tornTails;
    private long _lettersLeftOut;
    private long _bytes;
    private long _records;
    private long _flushes;

    public long SpooledTicks => Interlocked.Read(ref _spooledTicks);

    public long SpooledRecords => Interlocked.Read(ref _spooledRecords);

    public long DrainedTicks => Interlocked.Read(ref _drainedTicks);

    public long DrainedRecords => Interlocked.Read(ref _drainedRecords);

    public long EarlierTicks => Interlocked.Read(ref _earlierTicks);

    public long ConflatedTicks => Interlocked.Read(ref _conflatedTicks);

    public long RefusedTicks => Interlocked.Read(ref _refusedTicks);

    public long DamagedRecords => Interlocked.Read(ref _damagedRecords);

    /// <summary>The number of rejected elements that were dropped instead of being sent to the dead letters.</summary>
    public long LettersLeftOut => Interlocked.Read(ref _lettersLeftOut);

    /// <summary>The bytes on disk at the last <see cref="SetSize"/>.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The records on disk at the last <see cref="SetSize"/>.</summary>
    public long Records => Interlocked.Read(ref _records);

    public long Flushes => Interlocked.Read(ref _flushes);

    public long TornTails => Interlocked.Read(ref _tornTails);

    public void Spooled(int ticks)
    {
        Interlocked.Add(ref _spooledTicks, ticks);
        Interlocked.Increment(ref _spooledRecords);
    }

    public void Drained(int ticks)
    {
        Interlocked.Add(ref _drainedTicks, ticks);
        Interlocked.Increment(ref _drainedRecords);
    }

    public void EarlierRunDrained(int ticks) => Interlocked.Add(ref _earlierTicks, ticks);

    public void Conflated() => Interlocked.Increment(ref _conflatedTicks);

    public void Refused() => Interlocked.Increment(ref _refusedTicks);

    public void Damaged(long records) => Interlocked.Add(ref _damagedRecords, records);

    public void DeadLetterDropped() => Interlocked.Increment(ref _lettersLeftOut);

    public void SetSize(long bytes, long records, long flushes)
    {
        Interlocked.Exchange(ref _bytes, bytes);
        Interlocked.Exchange(ref _records, records);
        Interlocked.Exchange(ref _flushes, flushes);
    }

    public void TornTailFound() => Interlocked.Increment(ref _tornTails);
}
