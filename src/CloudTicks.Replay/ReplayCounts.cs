namespace CloudTicks.Replay;

/// <summary>How far a reading by tick time has come. One thread counts, others look.</summary>
public sealed class ReplayCounts
{
    private long _recordsToRead;
    private long _recordsRead;
    private long _selected;
    private long _sortedBytes;
    private long _emitted;
    private long _filesRead;

    /// <summary>Records of the archive that are to be read; 0 until that is known.</summary>
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

    /// <summary>Whether files are read, whose number and records are known at the end only.</summary>
    public bool ReadsFiles { get; internal set; }

    /// <summary>Files that were read.</summary>
    public long FilesRead
    {
        get => Volatile.Read(ref _filesRead);
        internal set => Volatile.Write(ref _filesRead, value);
    }

    /// <summary>Files that are damaged, and are left out from there on.</summary>
    public long RefusedFiles { get; internal set; }

    /// <summary>Ticks of the selection that were found, repeats among them.</summary>
    public long Selected
    {
        get => Volatile.Read(ref _selected);
        internal set => Volatile.Write(ref _selected, value);
    }

    /// <summary>Bytes on disk by which they are sorted.</summary>
    public long SortedBytes
    {
        get => Volatile.Read(ref _sortedBytes);
        internal set => Volatile.Write(ref _sortedBytes, value);
    }

    /// <summary>Ticks that were handed on in the order of their time, each once.</summary>
    public long Emitted
    {
        get => Volatile.Read(ref _emitted);
        internal set => Volatile.Write(ref _emitted, value);
    }

    /// <summary>Ticks that stood in the archive more than once, and were handed on once.</summary>
    public long Repeated { get; internal set; }

    /// <summary>Ticks of a market and kind that no feed sends: they are left out.</summary>
    public long RefusedTicks { get; internal set; }

    /// <summary>Records that are neither a batch of ticks nor tell of a gap: they are left out as a whole.</summary>
    public long RefusedRecords { get; internal set; }

    /// <summary>Records that tell of gaps.</summary>
    public long GapRecords { get; internal set; }

    /// <summary>Whose ticks the archive holds, as its records say (<c>simulated</c>, <c>polygon</c>); null when none does.</summary>
    public string? Feed { get; internal set; }
}
