namespace CloudTicks.Ticks.Status;

/// <summary>What waits on disk, and what became of it, since the start.</summary>
public sealed record SpoolStatus
{
    /// <summary>Nothing waits on disk.</summary>
    public const string Empty = "empty";

    /// <summary>The other side is away.</summary>
    public const string Filling = "filling";

    /// <summary>The other side is being sent what is on disk.</summary>
    public const string Draining = "draining";

    /// <summary>There is room.</summary>
    public const string None = "none";

    /// <summary>There is no room left.</summary>
    public const string Refuse = "refuse";

    /// <summary><see cref="Empty"/>, <see cref="Filling"/> or <see cref="Draining"/>.</summary>
    public required string State { get; init; } = "";

    /// <summary>Bytes on disk.</summary>
    public long Bytes { get; init; }

    /// <summary>Records on disk that were not acknowledged.</summary>
    public required long Records { get; init; }

    /// <summary>When the oldest that is still on disk was written, Unix ms, UTC; null when there is none.</summary>
    public required long? OldestMs { get; init; }

    /// <summary>Bytes that the spool may take: its bound, or less when the disk has less.</summary>
    public long LimitBytes { get; init; }

    /// <summary>Free bytes of the disk.</summary>
    public long FreeBytes { get; init; }

    /// <summary><c>none</c>; <c>conflate</c> when four fifths are used; <c>refuse</c> when no room is left.</summary>
    public string Pressure { get; init; } = "";

    /// <summary>Why the disk cannot be written to; null while it can.</summary>
    public string? Trouble { get; init; }

    /// <summary>Ticks that went to disk.</summary>
    public long SpooledTicks { get; init; }

    /// <summary>Of the ticks on disk, those that were acknowledged.</summary>
    public long DrainedTicks { get; init; }

    /// <summary>Of these, those that an earlier run had left; they are not counted among the archived ones of this run.</summary>
    public long EarlierTicks { get; init; }

    /// <summary>Quotes that were left out for a later one of the same second, because the spool was nearly full.</summary>
    public required long ConflatedTicks { get; init; }

    /// <summary>Ticks that were refused because the spool was full.</summary>
    public required long RefusedTicks { get; init; }

    /// <summary>Records that could not be read again.</summary>
    public long DamagedRecords { get; init; }

    /// <summary>Refused elements that were not kept for the dead letters, because the spool was full.</summary>
    public long LettersLeftOut { get; init; }

    /// <summary>Flushes to disk.</summary>
    public long Flushes { get; init; }
}
