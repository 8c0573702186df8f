namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// Chooses the channels to subscribe or unsubscribe next. Unacknowledged channels are requested again after growing pauses. Callers must
/// hold the feed's lock.
/// </summary>
internal sealed class NextMessageSelector(HashSet<FeedChannel> held, ChannelProblems problems, ChannelProblems removals, RefusedParts parts)
{
    /// <summary>Maximum channels per message, because a server refuses a whole subscription that is too long.</summary>
    public const int MaxChannels = 200;

    /// <returns>Null when there is nothing to send now.</returns>
    public SentControlMessage? Choose(HashSet<FeedChannel> wanted, TimeSpan now)
    {
        var unwanted = held.Where(channel => !wanted.Contains(channel))
            .Concat(removals.DueAt(now).Where(channel => !wanted.Contains(channel)))
            .Take(MaxChannels).ToArray();
        if (unwanted.Length > 0)
        {
            return new SentControlMessage(unwanted, IsSubscription: false);
        }

        if (now < parts.PausedUntil)
        {
            return null;
        }

        // Find the server's limit first, before other channels are refused for the same reason.
        if (parts.IsUrgent && NextRefusedPart(wanted) is { } urgent)
        {
            return urgent;
        }

        var newChannels = Missing(wanted, trouble => trouble is null);
        return newChannels.Length > 0
            ? new SentControlMessage(newChannels, IsSubscription: true)
            : NextRefusedPart(wanted) ?? Retry(wanted, now);
    }

    /// <summary>The time at which there may be something to send if nothing else changes; null when there will be nothing.</summary>
    public TimeSpan? DueAt(TimeSpan now)
    {
        var due = problems.NextDue < removals.NextDue ? problems.NextDue : removals.NextDue;
        due = parts.PausedUntil > now && parts.PausedUntil < due ? parts.PausedUntil : due;
        return due == TimeSpan.MaxValue ? null : due;
    }

    private SentControlMessage? NextRefusedPart(HashSet<FeedChannel> wanted) =>
        parts.Next(channel => wanted.Contains(channel) && !held.Contains(channel)) is { } part
            ? new SentControlMessage(part, IsSubscription: true) { IsPart = true }
            : null;

    private SentControlMessage? Retry(HashSet<FeedChannel> wanted, TimeSpan now)
    {
        var retryChannels = Missing(
            wanted, problem => problem is { Kind: ChannelProblemKind.Missing or ChannelProblemKind.Limited } && problem.Due <= now);
        retryChannels = retryChannels.Length > 0 ? retryChannels
            : [.. Missing(wanted, trouble => trouble is { Kind: ChannelProblemKind.Refused } && trouble.Due <= now).Take(1)];
        return retryChannels.Length > 0 ? new SentControlMessage(retryChannels, IsSubscription: true) : null;
    }

    private FeedChannel[] Missing(HashSet<FeedChannel> wanted, Func<ChannelProblem?, bool> condition) =>
        [.. wanted.Where(channel => !held.Contains(channel) && condition(problems[channel])).Take(MaxChannels)];
}
