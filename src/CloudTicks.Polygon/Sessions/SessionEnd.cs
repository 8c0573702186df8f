namespace CloudTicks.Polygon.Sessions;

/// <summary>Why a session ended, which decides how the connection continues.</summary>
internal enum SessionEndReason
{
    Stopped,

    ConnectFailed,

    /// <summary>The server did not authenticate the session in time.</summary>
    HandshakeTimeout,

    /// <summary>The server refused the key, or the plan does not include the market. There is no retry.</summary>
    AuthFailed,

    /// <summary>The server did not receive the key in time.</summary>
    AuthTimeout,

    /// <summary>The account has its maximum number of connections.</summary>
    MaxConnections,

    ClosedByServer,

    /// <summary>The connection broke.</summary>
    ConnectionLost,

    NoPong,

    /// <summary>The collector ended the session because no ticks arrived although the market was open.</summary>
    Stale,

    /// <summary>A message exceeded the maximum size.</summary>
    FrameTooLarge,
}

/// <summary>How a session ended.</summary>
/// <param name="Message">A description, without secrets.</param>
internal sealed record SessionEnd(SessionEndReason Reason, string Message);
