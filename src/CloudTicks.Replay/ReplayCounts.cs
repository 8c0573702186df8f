namespace CloudTicks.Replay;

/// <summary>The progress of a replay in tick-time order. One thread writes; any thread may read.</summary>
public sealed class ReplayCounts
{
    private long _recordsToRead;
    private long _recordsRead;
    private long _selected;
    private long _sortedBytes;
    private long _emitted;
    private long _filesRead;

    /// <summary>The number of archive records to read; 0 while unknown.</summary>
    public long RecordsToRead
    {
        get => Volatile.Read(ref _recordsToRead);
        internal set => Volatile.Write(ref _recordsToRead, value);
    }

    /// <summary>Records that were read.</summary>
    public long RecordsRead
    {
        get => Volatile.Read(ref _recordsRead);
        internal set => Volatile.Write(ref _recordsRead, value);
    }

    /// <summary>Whether files are read instead of the archive; their totals are known only at the end.</summary>
    public bool ReadsFiles { get; internal set; }

    /// <summary>Files that were read.</summary>
    public long FilesRead
    {
        get => Volatile.Read(ref _filesRead);
        internal set => Volatile.Write(ref _filesRead, value);
    }

    /// <summary>The number of files that are damaged or cannot be read. The part of such a file after the fault is skipped.</summary>
    public long RefusedFiles { get; internal set; }

    /// <summary>Selected ticks that were found, repeats included.</summary>
    public long Selected
    {
        get => Volatile.Read(ref _selected);
        internal set => Volatile.Write(ref _selected, value);
    }

    /// <summary>Bytes on disk used for sorting.</summary>
    public long SortedBytes
    {
        get => Volatile.Read(ref _sortedBytes);
        internal set => Volatile.Write(ref _sortedBytes, value);
    }

    /// <summary>Ticks returned in order, each once.</summary>
    public long Emitted
    {
        get => Volatile.Read(ref _emitted);
        internal set => Volatile.Write(ref _emitted, value);
    }

    /// <summary>The number of repeats that were skipped.</summary>
    public long Repeated { get; internal set; }

    /// <summary>Ticks of a market and kind that no feed can send; skipped.</summary>
    public long RefusedTicks { get; internal set; }

    /// <summary>Records that are neither a valid TickBatch nor a valid gap; skipped.</summary>
    public long RefusedRecords { get; internal set; }

    /// <summary>Gap records that were read.</summary>
    public long GapRecords { get; internal set; }

    /// <summary>The feed named in the archive's records (<c>simulated</c>, <c>polygon</c>); null when no record names one.</summary>
    public string? Feed { get; internal set; }
}
