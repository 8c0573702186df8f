namespace CloudTicks.Polygon.Sessions;

/// <summary>Evaluates answers and silence: a refused message is halved down to the refused channel. Guarded by the market's lock.</summary>
internal sealed class AnswerReview(
    HashSet<FeedChannel> held, ChannelTroubles troubles, ChannelTroubles leaving, RefusedParts parts, MissingReport report,
    SessionTimings timings)
{
    /// <returns>Whether the server accepts not one channel more.</returns>
    public bool Conclude(AskedMessage asked, HashSet<FeedChannel> wanted, TimeSpan now)
    {
        var silent = asked.Unanswered;
        if (silent.Length > 0 && asked.IsSubscription)
        {
            if (asked.Refusal is { } refusal)
            {
                return Refuse(silent, refusal, wanted, now);
            }

            Miss(silent, now);
        }
        else if (silent.Length > 0)
        {
            foreach (var channel in silent.Where(channel => leaving[channel] is not null))
            {
                leaving.Again(channel, TroubleKind.Missing, now, timings.AskAgain, "");
            }
        }

        return false;
    }

    private void Miss(FeedChannel[] channels, TimeSpan now)
    {
        foreach (var channel in channels)
        {
            if (troubles.Again(channel, TroubleKind.Missing, now, timings.AskAgain, "").Tries == MissingReport.AfterTries)
            {
                report.Add(channel);
            }
        }

        report.Say();
    }

    private bool Refuse(FeedChannel[] channels, string message, HashSet<FeedChannel> wanted, TimeSpan now)
    {
        parts.Slow(now);
        if (channels.Length > 1)
        {
            troubles.Halve(channels, message);
            parts.Halve(channels, message);
            return false;
        }

        var channel = channels[0];
        var isNew = troubles[channel] is not { Kind: TroubleKind.Refused };
        troubles.Again(channel, TroubleKind.Refused, now, timings.RefusedAgain, message);
        if (isNew)
        {
            report.Refused(channel, message);
        }

        if (!RefusedParts.IsLimit(message))
        {
            return false;
        }

        Limit(message, wanted, now);
        return true;
    }

    /// <summary>Not one more is accepted: the others would be refused as well, one by one.</summary>
    private void Limit(string message, HashSet<FeedChannel> wanted, TimeSpan now)
    {
        parts.Clear();
        var others = 0;
        foreach (var channel in wanted.Where(channel => !held.Contains(channel)))
        {
            if (troubles[channel] is not { Kind: TroubleKind.Refused or TroubleKind.Missing })
            {
                troubles.Again(channel, TroubleKind.Limited, now, timings.LimitedAgain, message);
                others++;
            }
        }

        report.Limited(held.Count, others, message);
    }
}
