namespace CloudTicks.Relay.Archive;

/// <summary>The time from which a client wants events.</summary>
internal static class SinceTime
{
    /// <summary>A time up to this far ahead of our clock counts as the present.</summary>
    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(1);

    /// <summary>Why a client cannot have events from a time on; null when it can.</summary>
    /// <param name="sinceMs">Unix ms, UTC.</param>
    public static string? Refusal(long sinceMs, DateTimeOffset now) =>
        sinceMs < 0 ? "since is a time in milliseconds since 1970, such as 1700000000000."
        : sinceMs > (now + MaxAhead).ToUnixTimeMilliseconds()
            ? "since is in the future; it is a time in milliseconds since 1970, not in microseconds or nanoseconds."
        : null;
}
