namespace CloudTicks.Relay.Archive;

/// <summary>Takes the events of the channels that it subscribed to; a client's session is one.</summary>
internal interface IEventSubscriber
{
    /// <summary>
    /// Takes events of one symbol and kind, in the archive's order, joined by commas; copies what it keeps, and never waits.
    /// </summary>
    public void Take(ReadOnlySpan<byte> events, int count);

    /// <summary>
    /// Takes events of the past, joined by commas; copies them, and completes when there is room for more, so that history is read at the
    /// client's pace. A client that catches up by several messages gets the pieces of each in their order.
    /// </summary>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public ValueTask TakeHistoryAsync(ReadOnlyMemory<byte> events, int count, CancellationToken cancellationToken);

    /// <summary>Tells the client by a status that events are missing from its channels; never waits.</summary>
    /// <param name="message">A sentence for the client's user.</param>
    public void Warn(string message);
}
