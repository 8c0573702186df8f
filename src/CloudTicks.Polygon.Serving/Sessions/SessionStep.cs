namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>The steps of a session after which the server may end it.</summary>
internal enum SessionStep
{
    /// <summary>The client is connected, and nothing was sent yet.</summary>
    Connected,

    /// <summary><c>auth_success</c> was sent.</summary>
    Authenticated,

    /// <summary>A subscription was acknowledged or refused.</summary>
    Acknowledged,
}
