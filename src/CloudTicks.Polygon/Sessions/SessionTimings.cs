namespace CloudTicks.Polygon.Sessions;

/// <summary>How long a session waits. Tests wait less.</summary>
internal sealed record SessionTimings
{
    /// <summary>From the first byte to <c>auth_success</c>.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the acknowledgement of all channels, before the missing ones are reported.</summary>
    public TimeSpan Acknowledgement { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the server's answer to our close frame; what it still sends is taken.</summary>
    public TimeSpan Close { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Between our pings; the official Go client's figure.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Without a pong, after a ping.</summary>
    public TimeSpan PongTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Without a message of a feed that was busy, at least.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A session that was authenticated this long counts as stable. Connections beyond the limit die a little after authentication.</summary>
    public TimeSpan Stable { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Least pause after <c>max_connections</c>; up to as much again is added at random.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromSeconds(60);
}
