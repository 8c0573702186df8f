namespace CloudTicks.AppHost;

/// <summary>The members of AppHost.cs that differ between its two flavours, here for processes on this machine.</summary>
internal static class Flavour
{
    /// <summary>One NATS server or three, as set on the command line.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddNatsServers(
        this IDistributedApplicationBuilder builder, string name) =>
        builder.AddNats(name, port: 4222);

    /// <summary>Any number of collectors: the local event hub, like any Kafka broker, lets them share the symbols.</summary>
    public static int CollectorsOf(IConfiguration settings, bool isUserProvidedStream)
    {
        _ = isUserProvidedStream;
        return settings.GetValue("Parameters:collectors", 1);
    }

    /// <summary>True: the relay can read the local event hub like any Kafka broker.</summary>
    public static bool HasRelay(bool isUserProvidedStream)
    {
        _ = isUserProvidedStream;
        return true;
    }

    /// <summary>Partition count of a newly created archive.</summary>
    public static int PartitionsOf(IConfiguration settings) => settings.GetValue("Parameters:partitions", 32);

    /// <summary>Any number of hosts, because they share the partitions.</summary>
    public static int FunctionHostsOf(IConfiguration settings) => settings.GetValue("Parameters:functions", 1);

    /// <summary>
    /// Sets the address of the event hub's health check for the dashboard. Locally, storage and keys are not needed.
    /// </summary>
    public static void AddAzureParts(
        IResourceBuilder<AzureFunctionsProjectResource> functions,
        IReadOnlyList<IResourceBuilder<ProjectResource>> collectors,
        IResourceBuilder<ProjectResource> dashboard,
        IResourceBuilder<ProjectResource>? relay)
    {
        _ = functions;
        _ = collectors;
        _ = relay;
        var health =
            ((DistributedApplicationBuilder)dashboard.ApplicationBuilder).Resources.OfType<AzureEventHubsResource>().FirstOrDefault();
        dashboard.Resource.Environment.Add(new(
            "Dashboard__EventHubHealth", health is null ? "" : $"http://127.0.0.1:{AzureEventHubsResource.PreferredHealthPort}/health",
            () => health?.Health?.AbsoluteUri ?? ""));
    }
}
