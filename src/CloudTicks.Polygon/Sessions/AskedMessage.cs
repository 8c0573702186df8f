namespace CloudTicks.Polygon.Sessions;

/// <summary>A message about channels that was sent, and what the server answered to it so far.</summary>
internal sealed record AskedMessage(FeedChannel[] Channels, bool IsSubscription)
{
    private readonly HashSet<FeedChannel> _unanswered = [.. Channels];

    public bool IsPart { get; init; }

    public TimeSpan SentAt { get; set; }

    public TimeSpan LastNewsAt { get; set; }

    /// <summary>What the server said when it refused; null when it did not.</summary>
    public string? Refusal { get; private set; }

    public bool IsAnswered => _unanswered.Count == 0;

    public FeedChannel[] Unanswered => [.. Channels.Where(_unanswered.Contains)];

    /// <summary>When no more answers are expected: a server that answered is done in one go, a silent one may be slow.</summary>
    public TimeSpan SettlesAt(SessionTimings timings) =>
        LastNewsAt + (Refusal is not null || _unanswered.Count < Channels.Length ? timings.Settle : timings.Acknowledgement);

    public void Answer(FeedChannel channel, bool subscribed, TimeSpan now)
    {
        if (subscribed == IsSubscription && _unanswered.Remove(channel))
        {
            LastNewsAt = now;
        }
    }

    public void Refuse(string message, TimeSpan now) => (Refusal, LastNewsAt) = (Refusal ?? message, now);
}
