using CloudTicks.Polygon.Serving.Messages;

namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>The server of a session: it grants channels and sends the events.</summary>
internal interface ISessionServer
{
    /// <summary>Whether the session continues after a step. A server that ends it has sent the reason.</summary>
    public ValueTask<bool> ContinuesAsync(SessionStep step, CancellationToken cancellationToken);

    /// <summary>Checks a key.</summary>
    /// <returns><see cref="StatusMessage.Authenticated"/>, or the status with which the session ends.</returns>
    public ValueTask<StatusMessage> AuthenticateAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes channels that are not granted from a subscription, and adds their statuses.</summary>
    /// <param name="requested">The requested channels that the market has.</param>
    /// <param name="held">The names of the session's subscribed channels.</param>
    public ValueTask RefuseAsync(
        ClientMessage message, List<RequestedChannel> requested, IReadOnlyCollection<string> held, List<StatusMessage> statuses,
        CancellationToken cancellationToken);

    /// <summary>Starts sending a channel's events.</summary>
    public void Subscribe(RequestedChannel channel);

    /// <summary>Stops sending a channel's events.</summary>
    public void Unsubscribe(ChannelName channel);

    /// <summary>Sends statuses in one frame. A disconnected client is not an error: the session's next read detects it.</summary>
    public ValueTask SendAsync(IReadOnlyList<StatusMessage> messages, CancellationToken cancellationToken);

    /// <summary>Sends the acknowledgements of one message.</summary>
    public ValueTask AcknowledgeAsync(IReadOnlyList<StatusMessage> messages, CancellationToken cancellationToken);
}
