namespace CloudTicks.Verification;

/// <summary>What was counted of one symbol in the archive, in the table and on NATS.</summary>
internal sealed class SymbolTally
{
    /// <summary>What the feed says; null when it does not, or never sent the symbol.</summary>
    public FeedCounts? Feed { get; set; }

    public long Archived { get; set; }

    public long ArchivedDistinct { get; set; }

    public ulong ArchivedSum { get; set; }

    /// <summary>Those of the distinct ones that came over REST and not live.</summary>
    public long Recovered { get; set; }

    public long Stored { get; set; }

    public ulong StoredSum { get; set; }

    public long Published { get; set; }

    /// <summary>Not seen by it, and it or a NATS server was away when they may have been published.</summary>
    public long Missed { get; set; }

    /// <summary>Distinct ticks that are not the feed's: they came by a command, and are compared for themselves.</summary>
    public long Added { get; set; }

    public long AddedStored { get; set; }

    public long AddedPublished { get; set; }

    public long AddedMissed { get; set; }

    /// <summary>What is wrong, a sentence each.</summary>
    /// <param name="comparesSums">False when ticks were refused: then only the counts of all symbols together can be compared.</param>
    public IEnumerable<string> Problems(string symbol, bool comparesSums)
    {
        if (Stored != ArchivedDistinct || StoredSum != ArchivedSum)
        {
            yield return $"{symbol}: the archive has {ArchivedDistinct} distinct ticks, the table {Stored} of them.";
        }

        if (Published + Missed != ArchivedDistinct)
        {
            yield return $"{symbol}: the archive has {ArchivedDistinct} distinct ticks, our NATS subscriber saw {Published} of them"
                + (Missed == 0 ? "." : $" and was away for {Missed} others.");
        }

        if (AddedStored != Added || AddedPublished + AddedMissed != Added)
        {
            yield return $"{symbol}: {Added} ticks were added by a command, the table has {AddedStored} of them, our NATS subscriber saw "
                + $"{AddedPublished}.";
        }

        if (comparesSums && Feed is { } feed && feed.Owed is var owed && (owed.Count != ArchivedDistinct || owed.Sum != ArchivedSum))
        {
            yield return $"{symbol}: the feed {(feed.Made is null ? "sent" : "made")} {owed.Count} distinct ticks (sum {owed.Sum:x16}), "
                + $"the archive has {ArchivedDistinct} (sum {ArchivedSum:x16}).";
        }
    }
}
