using CloudTicks.LocalServices.Processes;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>
/// The environment variables that a service inherits: the service's own settings and secrets, and not those of other services.
/// </summary>
internal static class ServiceVariables
{
    private static readonly string[] Common = [.. ChildVariables.Program, "OTEL_*", "ASPNETCORE_*", "Kestrel__*", "Logging__*"];

    /// <summary>The variables of an external event hub, including one in Azure that is accessed with the machine's identity.</summary>
    private static readonly string[] EventStream =
        ["EventStream__*", "ConnectionStrings__eventhubs", "eventhubs", "eventhubs__*", "AZURE_*", "IDENTITY_*", "MSI_*",
            .. ChildVariables.Proxies];

    private static readonly string[] Hub = ["CentralHub__*", "CLOUDTICKS_HUB_KEY", "ConnectionStrings__nats"];

    /// <summary>The keys for S3 are inherited only if the lake is in S3.</summary>
    private static readonly string[] Lake =
    [
        "Lake__*",
        .. Environment.GetEnvironmentVariable("Lake__Address")?.StartsWith("s3:", StringComparison.OrdinalIgnoreCase) == true
            ? (string[])["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] : [],
    ];

    public static IReadOnlyList<string> Of(string program) => Path.GetFileNameWithoutExtension(program) switch
    {
        "CloudTicks.Collector" =>
            [.. Common, .. EventStream, .. Hub, "Collector__*", "Polygon__*", "ConnectionStrings__redis", "CLOUDTICKS_SETTINGS"],
        "CloudTicks.Functions" =>
        [
            .. Common, .. EventStream, .. Hub, "Timescale__*", "Disks__*", "Access__*", "DbCommand__*", .. Lake,
            "FunctionsHosting__*", "AzureFunctionsJobHost__*", "ConnectionStrings__timescale*",
            "CLOUDTICKS_HUB_WRITER_KEY", "CLOUDTICKS_HUB_READER_KEY",
        ],
        "CloudTicks.Dashboard" => [.. Common, "Dashboard__*", "ConnectionStrings__nats", "CLOUDTICKS_HUB_KEY"],
        "CloudTicks.Relay" => [.. Common, .. EventStream, .. Hub, "Relay__*", .. Lake, "Timescale__*", "ConnectionStrings__timescale*"],
        "CloudTicks.Simulator" => [.. Common, "Simulator__*"],
        "CloudTicks.EventHub" => [.. Common, "EventHub__*"],
        _ => Common,
    };
}
