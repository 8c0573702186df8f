namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>What comes on a subscription. Must not throw; the subscription has a thread of its own.</summary>
internal interface ILibnatsSubscriptionEvents
{
    public void OnMessage(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload);

    public void OnComplete();
}
