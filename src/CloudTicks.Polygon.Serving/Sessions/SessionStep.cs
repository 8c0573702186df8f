namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>The steps of a session behind which its server may end it.</summary>
internal enum SessionStep
{
    /// <summary>Nothing is sent yet.</summary>
    Connected,

    /// <summary>The client has read <c>auth_success</c>.</summary>
    Authenticated,

    /// <summary>A subscription is acknowledged, or refused.</summary>
    Acknowledged,
}
