namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// Chooses the channels to subscribe or unsubscribe next, unacknowledged ones after growing pauses. Requires the market's lock.
/// </summary>
internal sealed class NextMessage(HashSet<FeedChannel> held, ChannelTroubles troubles, ChannelTroubles leaving, RefusedParts parts)
{
    /// <summary>Maximum channels per message: a server refuses a subscription that is too long as a whole.</summary>
    public const int MaxChannels = 200;

    /// <returns>Null when there is nothing to send now.</returns>
    public AskedMessage? Choose(HashSet<FeedChannel> wanted, TimeSpan now)
    {
        var unwanted = held.Where(channel => !wanted.Contains(channel))
            .Concat(leaving.DueAt(now).Where(channel => !wanted.Contains(channel)))
            .Take(MaxChannels).ToArray();
        if (unwanted.Length > 0)
        {
            return new AskedMessage(unwanted, IsSubscription: false);
        }

        if (now < parts.PausedUntil)
        {
            return null;
        }

        // Find the server's limit first, before other channels are refused for the same reason.
        if (parts.IsUrgent && Part(wanted) is { } urgent)
        {
            return urgent;
        }

        var fresh = Missing(wanted, trouble => trouble is null);
        return fresh.Length > 0 ? new AskedMessage(fresh, IsSubscription: true) : Part(wanted) ?? Retry(wanted, now);
    }

    /// <summary>When there may be something to send if nothing else happens; null when there will be nothing.</summary>
    public TimeSpan? DueAt(TimeSpan now)
    {
        var due = troubles.NextDue < leaving.NextDue ? troubles.NextDue : leaving.NextDue;
        due = parts.PausedUntil > now && parts.PausedUntil < due ? parts.PausedUntil : due;
        return due == TimeSpan.MaxValue ? null : due;
    }

    private AskedMessage? Part(HashSet<FeedChannel> wanted) =>
        parts.Next(channel => wanted.Contains(channel) && !held.Contains(channel)) is { } part
            ? new AskedMessage(part, IsSubscription: true) { IsPart = true }
            : null;

    private AskedMessage? Retry(HashSet<FeedChannel> wanted, TimeSpan now)
    {
        var again = Missing(wanted, trouble => trouble is { Kind: TroubleKind.Missing or TroubleKind.Limited } && trouble.Due <= now);
        again = again.Length > 0 ? again
            : [.. Missing(wanted, trouble => trouble is { Kind: TroubleKind.Refused } && trouble.Due <= now).Take(1)];
        return again.Length > 0 ? new AskedMessage(again, IsSubscription: true) : null;
    }

    private FeedChannel[] Missing(HashSet<FeedChannel> wanted, Func<ChannelTrouble?, bool> condition) =>
        [.. wanted.Where(channel => !held.Contains(channel) && condition(troubles[channel])).Take(MaxChannels)];
}
