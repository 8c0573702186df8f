namespace CloudTicks.AppHost;

/// <summary>Where the two flavours of AppHost.cs differ: here processes of this machine.</summary>
internal static class Flavour
{
    /// <summary>One NATS server, or three, as the command line has it.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddNatsServers(
        this IDistributedApplicationBuilder builder, string name) =>
        builder.AddNats(name, port: 4222);

    /// <summary>
    /// How many collectors there are: the event hub here, and whatever else speaks Kafka, lets any number share the symbols.
    /// </summary>
    public static int CollectorsOf(IConfiguration settings, bool isOwnStream)
    {
        _ = isOwnStream;
        return settings.GetValue("Parameters:collectors", 1);
    }

    /// <summary>
    /// Our own host of functions needs no storage, and who is on this machine no key. The event hub of this run has a health that the page
    /// asks for.
    /// </summary>
    public static void Equip(
        IResourceBuilder<AzureFunctionsProjectResource> functions,
        IReadOnlyList<IResourceBuilder<ProjectResource>> collectors,
        IResourceBuilder<ProjectResource> dashboard)
    {
        _ = functions;
        _ = collectors;
        var health =
            ((DistributedApplicationBuilder)dashboard.ApplicationBuilder).Resources.OfType<AzureEventHubsResource>().FirstOrDefault();
        dashboard.Resource.Environment.Add(() => new("Dashboard__EventHubHealth", health?.Health?.AbsoluteUri ?? ""));
    }
}
