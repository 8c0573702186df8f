namespace CloudTicks.Replay;

/// <summary>The limits of a replay in tick-time order.</summary>
public sealed record ReplayOptions
{
    /// <summary>
    /// The maximum number of bytes to sort in memory; more are sorted in files in <see cref="Folder"/>; 48 MiB by default, at least 4 KiB.
    /// </summary>
    public int SortBytes { get; init; } = 48 << 20;

    /// <summary>
    /// The maximum number of sorted files open at once, 2 or more, 64 by default; if there are more, some are merged first.
    /// </summary>
    public int MaxFiles { get; init; } = 64;

    /// <summary>The folder for sorting what does not fit into memory: about 60 bytes per tick, freed when the process ends.</summary>
    public string Folder { get; init; } = Path.GetTempPath();

    /// <summary>The maximum silence of the event hub before reading fails, 30 s by default.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
