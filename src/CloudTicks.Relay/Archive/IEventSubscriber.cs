namespace CloudTicks.Relay.Archive;

/// <summary>A receiver of the events of subscribed channels, for instance a client's session.</summary>
internal interface IEventSubscriber
{
    /// <summary>
    /// Receives events of one symbol and kind, in the archive's order, joined by commas. The buffer is valid only during the call, which
    /// must not block.
    /// </summary>
    public void Receive(ReadOnlySpan<byte> events, int count);

    /// <summary>
    /// Receives past events, joined by commas. The method copies the events, and completes when more can be accepted, so that history is
    /// read at the client's pace. If a client requests history in several messages, the pieces for each message arrive in order.
    /// </summary>
    /// <exception cref="OperationCanceledException">The client has disconnected.</exception>
    public ValueTask ReceiveHistoryAsync(ReadOnlyMemory<byte> events, int count, CancellationToken cancellationToken);

    /// <summary>Sends the client a status saying that events are missing from its channels; never blocks.</summary>
    /// <param name="message">A sentence for the client's user.</param>
    public void Warn(string message);
}
