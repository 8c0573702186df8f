namespace CloudTicks.Messaging.Nats.NatsNet;

internal static class ClientLibrary
{
    /// <summary>NATS.Net is managed code: there is nothing to load.</summary>
    public static void EnsureLoaded()
    {
    }
}
