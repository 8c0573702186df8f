namespace CloudTicks.Polygon.Sessions;

internal interface IConnectionOwner
{
    public void OnSubscribed(PolygonConnection connection, FeedChannel channel);

    /// <summary>Called when the server unsubscribed a held channel without a request; the session continues.</summary>
    public void OnTakenBack(PolygonConnection connection, FeedChannel channel);

    /// <summary>Called when an authenticated session ended.</summary>
    /// <param name="lastMessageMs">The time at which the session's last message arrived, Unix ms, UTC.</param>
    public void OnLost(PolygonConnection connection, IReadOnlyList<FeedChannel> held, long lastMessageMs, SessionEnd end);

    /// <summary>Called when the server accepts no further channels on a connection.</summary>
    public void OnNoRoom(PolygonConnection connection);

    /// <summary>Called when the server ended a session because the account has too many connections.</summary>
    /// <returns>False when the connection has been removed; true to retry it later.</returns>
    public bool OnConnectionLimit(PolygonConnection connection, string message);

    public void OnKeyRefused(string message);
}
