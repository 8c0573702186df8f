namespace CloudTicks.Polygon.Sessions;

/// <summary>The timeouts and pauses of a session. Tests use shorter values.</summary>
internal sealed record SessionTimings
{
    /// <summary>Timeout from connecting to <c>auth_success</c>.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Timeout for the server's greeting. After this time the key is sent anyway, because some servers wait for the key.</summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Timeout for the first response to a message about channels.</summary>
    public TimeSpan Acknowledgement { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Timeout for each further response to a message about channels.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause before unacknowledged channels are requested again; doubles each time.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause before a refused channel is requested again; doubles each time.</summary>
    public TimeSpan RefusedRetryDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Pause before channels above the server's limit are requested again.</summary>
    public TimeSpan LimitedRetryDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Maximum of the retry pauses above.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Pause after a refusal. It grows with each consecutive refusal, so that refusals do not use up the request budget.</summary>
    public TimeSpan RefusalPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Maximum pause after a refusal.</summary>
    public TimeSpan MaxRefusalPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Timeout for the server's close frame; messages before it are still received.</summary>
    public TimeSpan Close { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Length of silence after which a ping is sent.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Length of silence, without data or pong, after which the peer counts as dead.</summary>
    public TimeSpan NoPong { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Age at which an authenticated session counts as stable. If there are too many connections, the server ends a session earlier.
    /// </summary>
    public TimeSpan Stable { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Minimum pause after <c>max_connections</c>; random jitter up to the same length is added.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a learnt connection limit applies before a further connection is tried.</summary>
    public TimeSpan LimitLifetime { get; init; } = TimeSpan.FromHours(1);
}
