namespace CloudTicks.Relay.Archive;

/// <summary>A channel whose live events are held back from a subscriber while it catches up.</summary>
internal sealed class HeldChannel(IEventSubscriber subscriber, ChannelSelector selector)
{
    private volatile bool _isWithdrawn;

    public IEventSubscriber Subscriber { get; } = subscriber;

    public ChannelSelector Selector { get; } = selector;

    /// <summary>Whether the subscriber has unsubscribed meanwhile; it must then receive neither history nor live events.</summary>
    public bool IsWithdrawn => _isWithdrawn;

    public void Withdraw() => _isWithdrawn = true;
}
