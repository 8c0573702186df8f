namespace CloudTicks.Polygon.Sessions;

/// <summary>Why coverage of a channel ended.</summary>
public enum LossCause
{
    /// <summary>The channel is covered.</summary>
    None,

    /// <summary>The session was closed by either side, or broke.</summary>
    Disconnected,

    /// <summary>The collector ended the session because no pong arrived, or no ticks arrived during market hours.</summary>
    Stale,

    /// <summary>The server allows fewer connections than were open, or the connection released the channel to make room.</summary>
    ConnectionLimit,

    /// <summary>The server ended the subscription without a request.</summary>
    TakenBack,

    /// <summary>The channel is no longer wanted, or has moved to another connection; no ticks are missed.</summary>
    Unsubscribed,
}
