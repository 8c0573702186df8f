namespace CloudTicks.Dashboard.Pipeline;

internal static class PartNames
{
    public const string Feed = "feed";
    public const string Collector = "collector";
    public const string EventHub = "event hub";
    public const string Functions = "functions";
    public const string Timescale = "timescale";
    public const string Nats = "nats";
    public const string Dashboard = "dashboard";
    public const string Relay = "relay";
    public const string Lake = "lake";
}
