namespace CloudTicks.Polygon.Sessions;

/// <summary>Why coverage of a channel ended.</summary>
public enum LossCause
{
    /// <summary>It is covered.</summary>
    None,

    /// <summary>The session was closed by either side, or broke.</summary>
    Disconnected,

    /// <summary>The collector ended the session, because no pong, or no ticks during market hours, arrived.</summary>
    Stale,

    /// <summary>The server allows fewer connections than there were.</summary>
    ConnectionLimit,

    /// <summary>The server ended the subscription by itself.</summary>
    TakenBack,

    /// <summary>The channel is no longer wanted; no ticks are missed.</summary>
    Unsubscribed,
}
