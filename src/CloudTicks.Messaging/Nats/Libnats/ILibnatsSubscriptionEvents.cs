namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>The messages of a subscription. Handlers must not throw; the subscription has its own thread.</summary>
internal interface ILibnatsSubscriptionEvents
{
    public void OnMessage(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload);

    public void OnComplete();
}
