namespace CloudTicks.Polygon.Sessions;

/// <summary>Why a session ended; it decides what comes next.</summary>
internal enum SessionEndReason
{
    Stopped,

    ConnectFailed,

    /// <summary>The server did not greet or authenticate us in time.</summary>
    HandshakeTimeout,

    /// <summary>The server refused the key, or the plan does not include the market. Final.</summary>
    AuthFailed,

    /// <summary>The server did not get our key in time.</summary>
    AuthTimeout,

    /// <summary>The account has as many connections as it may.</summary>
    MaxConnections,

    ClosedByServer,

    /// <summary>The connection broke, or no sign of life came any more.</summary>
    ConnectionLost,

    NoPong,

    /// <summary>Its ticks did not come, though the session stood and the market was open; we ended it.</summary>
    Stale,

    /// <summary>A message was larger than any that we take.</summary>
    FrameTooLarge,
}

/// <summary>How a session ended.</summary>
/// <param name="Message">The same in words, without secrets.</param>
internal sealed record SessionEnd(SessionEndReason Reason, string Message);
