using Aspire.Hosting.Azure;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.AppHost;

/// <summary>The members of AppHost.cs that differ between its two flavours, here for Aspire: containers and Azure resources.</summary>
internal static class Flavour
{
    private const int ClientPort = 4222;
    private const int SecretLength = 64;

    /// <summary>A cluster of three NATS servers. The connection string names all three; the cluster survives the loss of one.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddNatsServers(this IDistributedApplicationBuilder builder, string name)
    {
        var password = Secret(builder, $"{name}-password");
        string[] servers = [$"{name}-1", $"{name}-2", $"{name}-3"];
        var routes = string.Join(',', servers.Select(server => $"nats://{server}:6222"));
        var nodes = servers
            .Select((server, index) => builder.AddNats(server, index == 0 ? ClientPort : null, password: password)
                .WithArgs(
                    "--name", server, "--cluster_name", "cloudticks", "--cluster", "nats://0.0.0.0:6222", "--routes", routes,
                    // The servers advertise addresses of the container network, which the services cannot reach.
                    "--no_advertise=true"))
            .Select(node => node.Resource.ConnectionStringExpression)
            .ToArray();
        return builder.AddConnectionString(name, ReferenceExpression.Create($"{nodes[0]},{nodes[1]},{nodes[2]}"));
    }

    /// <summary>
    /// One collector with the Event Hubs emulator: collectors share symbols through a Kafka consumer group (docs/collector-groups.md), and
    /// Aspire publishes only the emulator's AMQP port.
    /// </summary>
    public static int CollectorsOf(IConfiguration settings, bool isUserProvidedStream) =>
        isUserProvidedStream ? settings.GetValue("Parameters:collectors", 1) : 1;

    /// <summary>False with the emulator: the relay reads over the Kafka protocol, and only AMQP is available from the emulator.</summary>
    public static bool HasRelay(bool isUserProvidedStream) => isUserProvidedStream;

    /// <summary>Partition count of a newly created archive.</summary>
    public static int PartitionsOf(IConfiguration settings) => settings.GetValue("Parameters:partitions", 32);

    /// <summary>One host, because Azure scales out the functions according to their backlog.</summary>
    public static int FunctionHostsOf(IConfiguration settings)
    {
        _ = settings;
        return 1;
    }

    /// <summary>
    /// Adds storage for the checkpoints of the Functions runtime, and keys: the runtime forwards every request, so the worker requires a
    /// key from every caller. The writer's key is for people; find it in Aspire's dashboard or set <c>Parameters__hub-writer-key</c>.
    /// </summary>
    public static void AddAzureParts(
        IResourceBuilder<AzureFunctionsProjectResource> functions,
        IReadOnlyList<IResourceBuilder<ProjectResource>> collectors,
        IResourceBuilder<ProjectResource> dashboard,
        IResourceBuilder<ProjectResource>? relay)
    {
        var builder = functions.ApplicationBuilder;
        var reader = Secret(builder, "hub-reader-key");
        var storage = builder.AddAzureStorage("storage").RunAsEmulator();
        functions.WithHostStorage(storage).WaitFor(storage)
            .WithEnvironment("CLOUDTICKS_HUB_WRITER_KEY", Secret(builder, "hub-writer-key"))
            .WithEnvironment("CLOUDTICKS_HUB_READER_KEY", reader)
            .WithEnvironment("CLOUDTICKS_HUB_KEY", reader);
        foreach (var service in collectors.Append(dashboard).Concat(relay is null ? [] : [relay]))
        {
            service.WithEnvironment("CLOUDTICKS_HUB_KEY", reader);
        }

        var identity = KeylessNamespace.Settings("eventhubs", builder.Configuration.GetConnectionString("eventhubs"));
        if (identity.Count > 0)
        {
            functions.WithEnvironment(context =>
            {
                // The trigger would read this variable, and reject a connection string without a key.
                context.EnvironmentVariables.Remove("ConnectionStrings__eventhubs");
                foreach (var (name, value) in identity)
                {
                    context.EnvironmentVariables[name] = value;
                }
            });
        }

        // The dashboard can read only the health of the local event hub.
        dashboard.WithEnvironment("Dashboard__EventHubHealth", "");
    }

    /// <summary>
    /// A secret parameter. Without a configured value, one is generated and saved in the user secrets, as Aspire does for the PostgreSQL
    /// password.
    /// </summary>
    private static IResourceBuilder<ParameterResource> Secret(IDistributedApplicationBuilder builder, string name) => builder.AddParameter(
        // Letters and digits only: the value becomes part of URLs.
        name, new GenerateParameterDefault { MinLength = SecretLength, Special = false }, secret: true, persist: true);
}
