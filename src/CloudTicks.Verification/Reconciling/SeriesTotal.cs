using System.Text.Json.Nodes;

namespace CloudTicks.Verification.Reconciling;

internal sealed class SeriesTotal
{
    /// <summary>Distinct ticks that the feed generated in the minutes that it has counted completely.</summary>
    public long Feed { get; private set; }

    public long Archive { get; private set; }

    public long Table { get; private set; }

    /// <summary>Whether a collector received a tick live.</summary>
    public bool HasLive { get; private set; }

    public void Add(MinuteCell cell, FeedMinute? feed)
    {
        Feed += feed?.Distinct ?? 0;
        Archive += cell.Archived;
        HasLive |= cell.HasLive;
        Table += cell.Stored;
    }

    public JsonObject ToJson(bool hasFeed) => new() { ["feed"] = hasFeed ? Feed : null, ["archive"] = Archive, ["table"] = Table };
}
