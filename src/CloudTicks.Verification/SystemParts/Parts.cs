namespace CloudTicks.Verification.SystemParts;

/// <summary>The names of a system's parts in checks.</summary>
internal static class Parts
{
    public const string Collector = "collector";
    public const string Hub = "hub";
    public const string Simulator = "simulator";
    public const string Table = "table";
    public const string EventHub = "event hub";
    public const string Nats = "NATS";
}
