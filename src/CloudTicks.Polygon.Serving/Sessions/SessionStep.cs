namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>The steps of a session after which its server may end it.</summary>
internal enum SessionStep
{
    /// <summary>Nothing was sent yet.</summary>
    Connected,

    /// <summary><c>auth_success</c> was sent.</summary>
    Authenticated,

    /// <summary>A subscription was acknowledged or refused.</summary>
    Acknowledged,
}
