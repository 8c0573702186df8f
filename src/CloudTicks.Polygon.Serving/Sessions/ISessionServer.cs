using CloudTicks.Polygon.Serving.Messages;

namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>The server behind a session: what it grants, and where the events come from.</summary>
internal interface ISessionServer
{
    /// <summary>Whether the session continues behind a step; a server that ends it has sent the reason.</summary>
    public ValueTask<bool> ContinuesAsync(SessionStep step, CancellationToken cancellationToken);

    /// <summary>Checks a key.</summary>
    /// <returns><see cref="StatusMessage.Authenticated"/>, or the status with which the session ends.</returns>
    public ValueTask<StatusMessage> AuthenticateAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes from a subscription what is not granted, and adds a status for each channel that is to get one.</summary>
    /// <param name="requested">The channels of the message that the market has.</param>
    /// <param name="held">The names of the channels that the session has subscribed to.</param>
    public ValueTask RefuseAsync(
        ClientMessage message, List<RequestedChannel> requested, IReadOnlyCollection<string> held, List<StatusMessage> statuses,
        CancellationToken cancellationToken);

    /// <summary>Begins to send a channel's events.</summary>
    public void Subscribe(RequestedChannel channel);

    /// <summary>Ends sending a channel's events.</summary>
    public void Unsubscribe(ChannelName channel);

    /// <summary>Sends statuses in one frame. A client that has gone is no error: the session's next read finds it.</summary>
    public ValueTask SendAsync(IReadOnlyList<StatusMessage> messages, CancellationToken cancellationToken);

    /// <summary>Sends the acknowledgements of one message.</summary>
    public ValueTask AcknowledgeAsync(IReadOnlyList<StatusMessage> messages, CancellationToken cancellationToken);
}
