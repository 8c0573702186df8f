namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// Evaluates responses and their absence. Halves a refused message repeatedly, until the refused channel is found. Requires the market's
/// lock.
/// </summary>
internal sealed class ResponseReview(
    HashSet<FeedChannel> held, ChannelProblems problems, ChannelProblems leaving, RefusedParts parts, MissingReport report,
    SessionTimings timings)
{
    /// <returns>Whether the server accepts no further channel.</returns>
    public bool Conclude(SentControlMessage sent, HashSet<FeedChannel> wanted, TimeSpan now)
    {
        var unanswered = sent.Unanswered;
        if (unanswered.Length > 0 && sent.IsSubscription)
        {
            if (sent.Refusal is { } refusal)
            {
                return Refuse(unanswered, refusal, wanted, now);
            }

            Miss(unanswered, now);
        }
        else if (unanswered.Length > 0)
        {
            foreach (var channel in unanswered.Where(channel => leaving[channel] is not null))
            {
                leaving.Record(channel, ChannelProblemKind.Missing, now, timings.RetryDelay, "");
            }
        }

        return false;
    }

    private void Miss(FeedChannel[] channels, TimeSpan now)
    {
        foreach (var channel in channels)
        {
            if (problems.Record(channel, ChannelProblemKind.Missing, now, timings.RetryDelay, "").Tries == MissingReport.MinAttempts)
            {
                report.Add(channel);
            }
        }

        report.Log();
    }

    private bool Refuse(FeedChannel[] channels, string message, HashSet<FeedChannel> wanted, TimeSpan now)
    {
        parts.Slow(now);
        if (channels.Length > 1)
        {
            problems.Halve(channels, message);
            parts.Halve(channels, message);
            return false;
        }

        var channel = channels[0];
        var isNew = problems[channel] is not { Kind: ChannelProblemKind.Refused };
        problems.Record(channel, ChannelProblemKind.Refused, now, timings.RefusedRetryDelay, message);
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

    /// <summary>Marks all other channels as limited, because the server would refuse each of them too.</summary>
    private void Limit(string message, HashSet<FeedChannel> wanted, TimeSpan now)
    {
        parts.Clear();
        var others = 0;
        foreach (var channel in wanted.Where(channel => !held.Contains(channel)))
        {
            if (problems[channel] is not { Kind: ChannelProblemKind.Refused or ChannelProblemKind.Missing })
            {
                problems.Record(channel, ChannelProblemKind.Limited, now, timings.LimitedRetryDelay, message);
                others++;
            }
        }

        report.Limited(held.Count, others, message);
    }
}
