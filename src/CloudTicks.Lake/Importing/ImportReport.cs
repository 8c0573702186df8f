namespace CloudTicks.Lake.Importing;

/// <summary>The result of importing a file.</summary>
public sealed record ImportReport
{
    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>The SHA-256 of its bytes, in hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its ticks.</summary>
    public required long Ticks { get; init; }

    /// <summary>Ticks that the lake did not have, and has now; in a dry run, that it would get.</summary>
    public required long Added { get; init; }

    /// <summary>Invalid lines that were skipped.</summary>
    public required long Bad { get; init; }

    /// <summary>Days that got ticks.</summary>
    public required int Days { get; init; }

    /// <summary>The earliest time of its ticks, Unix ms, UTC.</summary>
    public required long FirstMs { get; init; }

    /// <summary>The latest time of its ticks, Unix ms, UTC.</summary>
    public required long LastMs { get; init; }

    /// <summary>Ticks that the lake had already, or that are repeated in the file.</summary>
    public long Known => Ticks - Added;
}
