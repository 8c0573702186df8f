namespace CloudTicks.Relay.Archive;

/// <summary>Validates the time since which a client requests events.</summary>
internal static class SinceTime
{
    /// <summary>How far a time may be ahead of the relay's clock. A later time is refused.</summary>
    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(1);

    /// <summary>Returns why a time is refused; null when it is valid.</summary>
    /// <param name="sinceMs">Unix ms, UTC.</param>
    public static string? Refusal(long sinceMs, DateTimeOffset now) =>
        sinceMs < 0 ? "since must be a time in milliseconds since 1970, such as 1700000000000."
        : sinceMs > (now + MaxAhead).ToUnixTimeMilliseconds()
            ? "since is in the future: it must be in milliseconds since 1970, not in microseconds or nanoseconds."
        : null;
}
