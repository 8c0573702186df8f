namespace CloudTicks.Verification;

/// <summary>The counts of one symbol in the archive, in the table and on NATS.</summary>
internal sealed class SymbolTally
{
    /// <summary>The feed's counts; null if the feed has no counts, or never sent the symbol.</summary>
    public FeedCounts? Feed { get; set; }

    public long Archived { get; set; }

    public long ArchivedDistinct { get; set; }

    public ulong ArchivedSum { get; set; }

    /// <summary>Distinct ticks that were only fetched over REST.</summary>
    public long Recovered { get; set; }

    public long Stored { get; set; }

    public ulong StoredSum { get; set; }

    public long Published { get; set; }

    /// <summary>
    /// Ticks that the subscriber missed because it, or a NATS server, may have been disconnected when they were published.
    /// </summary>
    public long Missed { get; set; }

    /// <summary>
    /// Distinct ticks that were only entered by command, or only fetched over REST if the feed does not count the symbol's generated ticks.
    /// They are compared separately.
    /// </summary>
    public long Added { get; set; }

    public long AddedStored { get; set; }

    public long AddedPublished { get; set; }

    public long AddedMissed { get; set; }

    /// <summary>The problems, a sentence each.</summary>
    /// <param name="comparesSums">False when ticks were refused: then only the counts of all symbols together can be compared.</param>
    public IEnumerable<string> Problems(string symbol, bool comparesSums)
    {
        if (Stored != ArchivedDistinct || StoredSum != ArchivedSum)
        {
            yield return Stored == ArchivedDistinct
                ? $"{symbol}: the archive and the table have {Stored} distinct ticks each, but not the same ones."
                : $"{symbol}: the archive has {ArchivedDistinct} distinct ticks, but the table has {Stored}.";
        }

        if (Published + Missed != ArchivedDistinct)
        {
            yield return $"{symbol}: the archive has {ArchivedDistinct} distinct ticks, but our NATS subscriber saw {Published} of them"
                + (Missed == 0 ? "." : $" and was disconnected for {Missed} others.");
        }

        if (AddedStored != Added || AddedPublished + AddedMissed != Added)
        {
            yield return $"{symbol}: {Added} ticks were added by a command or fetched over REST; the table has {AddedStored} of them, and "
                + $"our NATS subscriber saw {AddedPublished}.";
        }

        if (comparesSums && Feed is { } feed && feed.Expected is var owed && (owed.Count != ArchivedDistinct || owed.Sum != ArchivedSum))
        {
            yield return $"{symbol}: the feed {(feed.Made is null ? "sent" : "made")} {owed.Count} distinct ticks (identity sum "
                + $"{owed.Sum:x16}), but the archive has {ArchivedDistinct} (identity sum {ArchivedSum:x16}).";
        }
    }
}
