namespace CloudTicks.Polygon.Sessions;

/// <summary>Why a channel is not covered any more.</summary>
public enum LossCause
{
    /// <summary>It is covered.</summary>
    None,

    /// <summary>The session ended, whoever ended it, or broke.</summary>
    Disconnected,

    /// <summary>The session stood, but no pong, or no ticks in the market's hours, came any more; we ended it.</summary>
    Stale,

    /// <summary>The server allows fewer connections than we had.</summary>
    ConnectionLimit,

    /// <summary>The server ended the subscription by itself.</summary>
    TakenBack,

    /// <summary>Nobody wants it any more; nothing is missing.</summary>
    Unsubscribed,
}
