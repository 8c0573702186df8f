namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>The events of a connection. Handlers must not throw and must not block: all connections share one thread.</summary>
internal interface ILibnatsConnectionEvents
{
    public void OnConnected();

    public void OnDisconnected();

    public void OnClosed();

    public void OnError(LibnatsStatus status);
}
