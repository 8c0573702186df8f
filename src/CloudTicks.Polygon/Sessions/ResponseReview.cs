namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// Evaluates which channels of a message the server acknowledged, refused or did not answer. Halves a refused message repeatedly, until the
/// refused channel is found. Callers must hold the feed's lock.
/// </summary>
internal sealed class ResponseReview(
    HashSet<FeedChannel> held, ChannelProblems problems, ChannelProblems removals, RefusedParts parts, MissingReport report,
    SessionTimings timings)
{
    /// <returns>Whether the server accepts no further channel.</returns>
    public bool Evaluate(SentControlMessage sent, HashSet<FeedChannel> wanted, TimeSpan now)
    {
        var unanswered = sent.Unanswered;
        if (unanswered.Length > 0 && sent.IsSubscription)
        {
            if (sent.Refusal is { } refusal)
            {
                return Refuse(unanswered, refusal, wanted, now);
            }

            RecordMissing(unanswered, now);
        }
        else if (unanswered.Length > 0)
        {
            foreach (var channel in unanswered.Where(channel => removals[channel] is not null))
            {
                removals.Record(channel, ChannelProblemKind.Missing, now, timings.RetryDelay, "");
            }
        }

        return false;
    }

    private void RecordMissing(FeedChannel[] channels, TimeSpan now)
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
        parts.SlowDown(now);
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

        RecordLimited(message, wanted, now);
        return true;
    }

    /// <summary>
    /// Marks the wanted channels that are not held, refused or missing as limited, because the server would refuse each of them.
    /// </summary>
    private void RecordLimited(string message, HashSet<FeedChannel> wanted, TimeSpan now)
    {
        parts.Clear();
        var limitedCount = 0;
        foreach (var channel in wanted.Where(channel => !held.Contains(channel)))
        {
            if (problems[channel] is not { Kind: ChannelProblemKind.Refused or ChannelProblemKind.Missing })
            {
                problems.Record(channel, ChannelProblemKind.Limited, now, timings.LimitedRetryDelay, message);
                limitedCount++;
            }
        }

        report.Limited(held.Count, limitedCount, message);
    }
}
