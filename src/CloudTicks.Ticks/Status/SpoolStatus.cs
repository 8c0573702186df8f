namespace CloudTicks.Ticks.Status;

/// <summary>The records on disk, and what happened to them since the start.</summary>
public sealed record SpoolStatus
{
    /// <summary>The state in which no records are on disk.</summary>
    public const string Empty = "empty";

    /// <summary>The state in which the event hub is unavailable, and records are written to disk.</summary>
    public const string Filling = "filling";

    /// <summary>The state in which the records on disk are being sent to the event hub.</summary>
    public const string Draining = "draining";

    /// <summary>The pressure while the spool has enough room.</summary>
    public const string None = "none";

    /// <summary>The pressure when the spool is full or cannot be written to.</summary>
    public const string Refuse = "refuse";

    /// <summary><see cref="Empty"/>, <see cref="Filling"/> or <see cref="Draining"/>.</summary>
    public required string State { get; init; } = "";

    /// <summary>Bytes on disk.</summary>
    public long Bytes { get; init; }

    /// <summary>Unacknowledged records on disk.</summary>
    public required long Records { get; init; }

    /// <summary>When the oldest record on disk was written, Unix ms, UTC; null if there is none.</summary>
    public required long? OldestMs { get; init; }

    /// <summary>Maximum size of the spool in bytes: its setting, or less when the disk has less.</summary>
    public long LimitBytes { get; init; }

    /// <summary>Free bytes of the disk.</summary>
    public long FreeBytes { get; init; }

    /// <summary>
    /// <c>none</c>; <c>conflate</c> when four fifths of the spool are used; <c>refuse</c> when it is full or cannot be written to.
    /// </summary>
    public string Pressure { get; init; } = "";

    /// <summary>Why the disk is not writable; null while it is writable.</summary>
    public string? Trouble { get; init; }

    /// <summary>Ticks written to disk.</summary>
    public long SpooledTicks { get; init; }

    /// <summary>Ticks from disk that the event hub acknowledged.</summary>
    public long DrainedTicks { get; init; }

    /// <summary>
    /// The part of <see cref="DrainedTicks"/> that an earlier run left on disk. This run does not count them as archived.
    /// </summary>
    public long EarlierTicks { get; init; }

    /// <summary>Quotes that were replaced by a later quote of the same second, because the spool was nearly full.</summary>
    public required long ConflatedTicks { get; init; }

    /// <summary>Ticks refused because the spool was full or could not be written to.</summary>
    public required long RefusedTicks { get; init; }

    /// <summary>Records that could not be read back.</summary>
    public long DamagedRecords { get; init; }

    /// <summary>Dead letters dropped because the spool was full.</summary>
    public long LettersLeftOut { get; init; }

    /// <summary>The number of flushes to disk.</summary>
    public long Flushes { get; init; }
}
