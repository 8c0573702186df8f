using CloudTicks.Polygon.Serving.Messages;

namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>The part of the server that a session needs: it grants channels and sends their events.</summary>
internal interface ISessionServer
{
    /// <summary>Returns whether the session continues after a step. If not, the server has already sent the reason, if any.</summary>
    public ValueTask<bool> ShouldContinueAsync(SessionStep step, CancellationToken cancellationToken);

    /// <summary>Checks a key.</summary>
    /// <returns><see cref="StatusMessage.Authenticated"/>, or the status with which the session ends.</returns>
    public ValueTask<StatusMessage> AuthenticateAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes the channels that the server does not grant, and adds a status for each.</summary>
    /// <param name="requested">The requested channels, without those that the market does not have.</param>
    /// <param name="held">The names of the session's subscribed channels.</param>
    public ValueTask RefuseAsync(
        ClientMessage message, List<RequestedChannel> requested, IReadOnlyCollection<string> held, List<StatusMessage> statuses,
        CancellationToken cancellationToken);

    /// <summary>Starts sending a channel's events.</summary>
    public void Subscribe(RequestedChannel channel);

    /// <summary>Stops sending a channel's events.</summary>
    public void Unsubscribe(ChannelName channel);

    /// <summary>
    /// Sends statuses in one frame. If the client is disconnected, this does not throw: the session's next read detects it.
    /// </summary>
    public ValueTask SendAsync(IReadOnlyList<StatusMessage> messages, CancellationToken cancellationToken);

    /// <summary>Sends the acknowledgements for one message of the client.</summary>
    public ValueTask AcknowledgeAsync(IReadOnlyList<StatusMessage> messages, CancellationToken cancellationToken);
}
