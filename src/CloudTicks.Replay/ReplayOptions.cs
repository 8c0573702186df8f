namespace CloudTicks.Replay;

/// <summary>Bounds of a reading by tick time.</summary>
public sealed record ReplayOptions
{
    /// <summary>Bytes sorted in memory, the rest in <see cref="Folder"/>; 48 MiB by default, at least 4 KiB.</summary>
    public int SortBytes { get; init; } = 48 << 20;

    /// <summary>Most sorted files open at once, 2 or more, 64 by default; more of one size are merged.</summary>
    public int MaxFiles { get; init; } = 64;

    /// <summary>Where ticks are sorted that memory does not hold: about 60 bytes each, gone with the process, however it ends.</summary>
    public string Folder { get; init; } = Path.GetTempPath();

    /// <summary>How long the event hub may be silent before the reading is given up, 30 s by default.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
