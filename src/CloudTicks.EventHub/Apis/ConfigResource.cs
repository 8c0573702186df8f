namespace CloudTicks.EventHub.Apis;

/// <summary>What has settings, by the protocol's numbers.</summary>
internal enum ConfigResource : sbyte
{
    Topic = 2,
    Broker = 4,
}
