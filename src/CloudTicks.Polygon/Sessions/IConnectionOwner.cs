namespace CloudTicks.Polygon.Sessions;

internal interface IConnectionOwner
{
    public void OnSubscribed(PolygonConnection connection, FeedChannel channel);

    /// <summary>The server took back a channel that the session held; the session stands.</summary>
    public void OnTakenBack(PolygonConnection connection, FeedChannel channel);

    /// <summary>A session that stood is over.</summary>
    /// <param name="lastMessageMs">When its last message came, Unix ms, UTC.</param>
    public void OnLost(PolygonConnection connection, IReadOnlyList<FeedChannel> held, long lastMessageMs, SessionEnd end);

    /// <summary>The server takes not one channel more on a connection.</summary>
    public void OnNoRoom(PolygonConnection connection);

    /// <summary>The server allows fewer connections.</summary>
    /// <returns>False when this one is given up; true when it is to be tried again later.</returns>
    public bool OnConnectionLimit(PolygonConnection connection, string message);

    public void OnKeyRefused(string message);
}
