namespace CloudTicks.Relay.Rest;

/// <summary>What a reading of table and archive found out beside the ticks.</summary>
internal readonly record struct HistoryRead
{
    /// <summary>Whether the archive has records that were not read, because the table had rows for the request.</summary>
    public bool IsCut { get; init; }

    /// <summary>Whether the archive was read, and how far it goes back is not known, but further than the request.</summary>
    public bool IsInside { get; init; }

    /// <summary>Whether the lake was read.</summary>
    public bool IsLake { get; init; }

    /// <summary>Whether the archive was read from its beginning, or has nothing older than the table.</summary>
    public bool IsWhole { get; init; }

    /// <summary>When the first tick in the archive was, Unix ms, UTC, where it was read from its beginning.</summary>
    public long? FirstMs { get; init; }
}
