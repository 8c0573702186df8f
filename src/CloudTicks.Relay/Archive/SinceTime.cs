namespace CloudTicks.Relay.Archive;

/// <summary>The time from which a client wants events.</summary>
internal static class SinceTime
{
    /// <summary>The maximum time ahead of the relay's clock that still counts as the present.</summary>
    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(1);

    /// <summary>Why a client cannot receive events since a time; null when it can.</summary>
    /// <param name="sinceMs">Unix ms, UTC.</param>
    public static string? Refusal(long sinceMs, DateTimeOffset now) =>
        sinceMs < 0 ? "since must be a time in milliseconds since 1970, such as 1700000000000."
        : sinceMs > (now + MaxAhead).ToUnixTimeMilliseconds()
            ? "since is in the future: it must be in milliseconds since 1970, not in microseconds or nanoseconds."
        : null;
}
