namespace CloudTicks.EventHub.Apis;

/// <summary>The resources that have settings, with the protocol's numbers.</summary>
internal enum ConfigResource : sbyte
{
    Topic = 2,
    Broker = 4,
}
