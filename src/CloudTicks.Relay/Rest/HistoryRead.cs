namespace CloudTicks.Relay.Rest;

/// <summary>The result of reading table, lake and archive, apart from the ticks.</summary>
internal readonly record struct HistoryRead
{
    /// <summary>Whether the archive may have older ticks that were not read, because the table had rows for the request.</summary>
    public bool MayHaveMore { get; init; }

    /// <summary>Whether the archive was read and has records older than the request, so that its first tick is unknown.</summary>
    public bool HasOlderRecords { get; init; }

    /// <summary>Whether the lake was read.</summary>
    public bool IncludesLake { get; init; }

    /// <summary>
    /// Whether all older ticks were read: from the lake, or from the beginning of the archive. Also true if the archive has nothing older
    /// than the table.
    /// </summary>
    public bool IsComplete { get; init; }

    /// <summary>
    /// The time of the archive's first tick of the symbol and kind, Unix ms, UTC. Null if the archive has none, or was not read from its
    /// beginning.
    /// </summary>
    public long? FirstMs { get; init; }
}
