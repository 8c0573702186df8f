namespace CloudTicks.Polygon.Sessions;

internal interface IConnectionOwner
{
    public void OnSubscribed(PolygonConnection connection, FeedChannel channel);

    /// <summary>The server unsubscribed a held channel on its own; the session continues.</summary>
    public void OnTakenBack(PolygonConnection connection, FeedChannel channel);

    /// <summary>An authenticated session ended.</summary>
    /// <param name="lastMessageMs">The time at which the session's last message arrived, Unix ms, UTC.</param>
    public void OnLost(PolygonConnection connection, IReadOnlyList<FeedChannel> held, long lastMessageMs, SessionEnd end);

    /// <summary>The server accepts no further channels on a connection.</summary>
    public void OnNoRoom(PolygonConnection connection);

    /// <summary>The server allows fewer connections.</summary>
    /// <returns>False when this connection is given up; true to retry it later.</returns>
    public bool OnConnectionLimit(PolygonConnection connection, string message);

    public void OnKeyRefused(string message);
}
