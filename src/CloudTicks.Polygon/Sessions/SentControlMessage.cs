namespace CloudTicks.Polygon.Sessions;

/// <summary>A subscription or unsubscription that was sent, and the responses to it so far.</summary>
internal sealed record SentControlMessage(FeedChannel[] Channels, bool IsSubscription)
{
    private readonly HashSet<FeedChannel> _unanswered = [.. Channels];

    public bool IsPart { get; init; }

    public TimeSpan SentAt { get; set; }

    public TimeSpan LastResponseAt { get; set; }

    /// <summary>The server's refusal; null when there is none.</summary>
    public string? Refusal { get; private set; }

    public bool IsAnswered => _unanswered.Count == 0;

    public FeedChannel[] Unanswered => [.. Channels.Where(_unanswered.Contains)];

    /// <summary>
    /// The time after which no further response is expected. It is soon after the latest response. A first response may take longer.
    /// </summary>
    public TimeSpan SettlesAt(SessionTimings timings) =>
        LastResponseAt + (Refusal is not null || _unanswered.Count < Channels.Length ? timings.Settle : timings.Acknowledgement);

    public void Answer(FeedChannel channel, bool subscribed, TimeSpan now)
    {
        if (subscribed == IsSubscription && _unanswered.Remove(channel))
        {
            LastResponseAt = now;
        }
    }

    public void Refuse(string message, TimeSpan now) => (Refusal, LastResponseAt) = (Refusal ?? message, now);
}
