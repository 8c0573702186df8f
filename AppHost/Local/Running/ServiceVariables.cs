using CloudTicks.LocalServices.Processes;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>
/// The variables of AppHost's own environment that a service of ours inherits: its sections of settings and its secrets, and none of
/// another's. What the composition gives it comes on top; the key of the feed is given to the collector alone.
/// </summary>
internal static class ServiceVariables
{
    private static readonly string[] Common = [.. ChildVariables.Program, "OTEL_*", "ASPNETCORE_*", "Kestrel__*", "Logging__*"];

    /// <summary>An event hub of one's own, also in Azure by the machine's identity.</summary>
    private static readonly string[] EventStream =
        ["EventStream__*", "ConnectionStrings__eventhubs", "eventhubs", "eventhubs__*", "AZURE_*", "IDENTITY_*", "MSI_*",
            .. ChildVariables.Proxies];

    private static readonly string[] Hub = ["CentralHub__*", "CLOUDTICKS_HUB_KEY", "ConnectionStrings__nats"];

    /// <summary>The list of a service.</summary>
    /// <param name="program">The path of its program.</param>
    public static IReadOnlyList<string> Of(string program) => Path.GetFileNameWithoutExtension(program) switch
    {
        "CloudTicks.Collector" =>
            [.. Common, .. EventStream, .. Hub, "Collector__*", "Polygon__*", "ConnectionStrings__redis", "CLOUDTICKS_SETTINGS"],
        "CloudTicks.Functions" =>
        [
            .. Common, .. EventStream, .. Hub, "Timescale__*", "Disks__*", "Access__*", "DbCommand__*", "FunctionsHosting__*",
            "AzureFunctionsJobHost__*",
            "ConnectionStrings__timescale*", "CLOUDTICKS_HUB_WRITER_KEY", "CLOUDTICKS_HUB_READER_KEY",
        ],
        "CloudTicks.Dashboard" => [.. Common, "Dashboard__*", "ConnectionStrings__nats", "CLOUDTICKS_HUB_KEY"],
        "CloudTicks.Simulator" => [.. Common, "Simulator__*"],
        "CloudTicks.EventHub" => [.. Common, "EventHub__*"],
        _ => Common,
    };
}
