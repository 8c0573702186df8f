namespace CloudTicks.Lake.Importing;

/// <summary>The result of importing a file.</summary>
public sealed record ImportReport
{
    /// <summary>The file's path.</summary>
    public required string File { get; init; }

    /// <summary>The SHA-256 of the file, in hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The number of ticks in the file.</summary>
    public required long Ticks { get; init; }

    /// <summary>The number of ticks that were added to the lake; in a dry run, those that would be added.</summary>
    public required long Added { get; init; }

    /// <summary>The number of invalid lines that were skipped.</summary>
    public required long InvalidLines { get; init; }

    /// <summary>The number of days to which ticks were added.</summary>
    public required int Days { get; init; }

    /// <summary>The earliest time of the file's ticks, Unix ms, UTC.</summary>
    public required long FirstMs { get; init; }

    /// <summary>The latest time of the file's ticks, Unix ms, UTC.</summary>
    public required long LastMs { get; init; }

    /// <summary>The number of ticks that the lake already had, or that are repeated in the file.</summary>
    public long Known => Ticks - Added;
}
