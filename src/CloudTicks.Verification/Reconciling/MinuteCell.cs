using CloudTicks.Ticks;

namespace CloudTicks.Verification.Reconciling;

/// <summary>The counts of one series in one minute.</summary>
internal sealed class MinuteCell
{
    private const int MaxExamples = 3;

    public long Archived { get; private set; }

    /// <summary>Archived ticks of the feed, without those entered by command.</summary>
    public long ArchivedOfFeed { get; private set; }

    /// <summary>The wrapping sum of the identities of <see cref="ArchivedOfFeed"/>.</summary>
    public ulong SumOfFeed { get; private set; }

    public long Stored { get; private set; }

    /// <summary>Ticks of the archive that are not in the table.</summary>
    public long NotStored { get; private set; }

    /// <summary>The part of <see cref="NotStored"/> that StoreTicks refused and wrote to the dead letters.</summary>
    public long Refused { get; private set; }

    public long NotArchived { get; private set; }

    /// <summary>The first ticks that are only in the archive and were not refused, or only in the table.</summary>
    public List<(long TimestampMs, ulong Identity)> Examples { get; } = [];

    /// <summary>Whether at least one of the ticks was received live.</summary>
    public bool HasLive { get; private set; }

    public void AddArchived(ulong identity, TickSource source)
    {
        Archived++;
        HasLive |= source == TickSource.Live;
        if (source != TickSource.DbCommand)
        {
            ArchivedOfFeed++;
            SumOfFeed += identity;
        }
    }

    public void AddStored() => Stored++;

    public void AddMissingInTable(long timestampMs, ulong identity, bool isRefused)
    {
        NotStored++;
        Refused += isRefused ? 1 : 0;
        AddExample(timestampMs, identity, !isRefused);
    }

    public void AddMissingInArchive(long timestampMs, ulong identity)
    {
        NotArchived++;
        AddExample(timestampMs, identity, true);
    }

    private void AddExample(long timestampMs, ulong identity, bool isWanted)
    {
        if (isWanted && Examples.Count < MaxExamples)
        {
            Examples.Add((timestampMs, identity));
        }
    }
}
