namespace CloudTicks.Replay;

/// <summary>The limits of a replay in tick-time order.</summary>
public sealed record ReplayOptions
{
    /// <summary>
    /// The maximum number of bytes to sort in memory, 48 MiB by default, at least 4 KiB. A larger amount is sorted in files in
    /// <see cref="Folder"/>.
    /// </summary>
    public int SortBytes { get; init; } = 48 << 20;

    /// <summary>
    /// The number of sorted files that are merged into a larger one, which limits the number of open files. 64 by default, at least 2.
    /// </summary>
    public int MaxFiles { get; init; } = 64;

    /// <summary>
    /// The folder for sorting ticks that do not fit into memory. It needs about 60 bytes per tick until the replay is disposed of.
    /// </summary>
    public string Folder { get; init; } = Path.GetTempPath();

    /// <summary>The maximum silence of the event hub before reading fails, 30 s by default.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(30);
}
