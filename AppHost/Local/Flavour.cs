namespace CloudTicks.AppHost;

/// <summary>Where the two flavours of AppHost.cs differ: here processes of this machine.</summary>
internal static class Flavour
{
    /// <summary>One NATS server, or three, as the command line has it.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddNatsServers(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddNats(name, port: 4222);

    /// <summary>Our own host of functions needs no storage, and who is on this machine no key.</summary>
    public static void Equip(IResourceBuilder<AzureFunctionsProjectResource> functions, IResourceBuilder<ProjectResource> collector)
    {
        _ = functions;
        _ = collector;
    }
}
