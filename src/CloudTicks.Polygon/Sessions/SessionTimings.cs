namespace CloudTicks.Polygon.Sessions;

/// <summary>How long a session waits. Tests wait less.</summary>
internal sealed record SessionTimings
{
    /// <summary>From the first byte to <c>auth_success</c>.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the server's greeting, before the key is sent without one: some servers wait for the key first.</summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For the first answer to a message about channels.</summary>
    public TimeSpan Acknowledgement { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the next answer to such a message, after one that was not the last.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Before channels that were not acknowledged are asked for again; twice as long each time.</summary>
    public TimeSpan AskAgain { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Before a channel that was refused is asked for again; twice as long each time.</summary>
    public TimeSpan RefusedAgain { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Before channels that were too many are asked for again.</summary>
    public TimeSpan LimitedAgain { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest pause of these.</summary>
    public TimeSpan LongestAgain { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After a refusal, growing with each in a row, so that a refused plan does not use up all requests.</summary>
    public TimeSpan RefusalPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause after a refusal.</summary>
    public TimeSpan LongestRefusalPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For the server's answer to our close frame; what it still sends is taken.</summary>
    public TimeSpan Close { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Without any message before we ping.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Without any sign of life, data or pong, before the peer is taken for dead.</summary>
    public TimeSpan NoPong { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>An authenticated session this old is stable; connections beyond the limit die sooner.</summary>
    public TimeSpan Stable { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Least pause after <c>max_connections</c>; up to as much again is added at random.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a limit that the server showed is believed, before one connection more is tried.</summary>
    public TimeSpan LimitHolds { get; init; } = TimeSpan.FromHours(1);
}
