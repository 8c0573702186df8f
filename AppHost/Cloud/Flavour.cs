using Aspire.Hosting.Azure;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.AppHost;

/// <summary>Where the two flavours of AppHost.cs differ: here Aspire, containers and Azure's own parts.</summary>
internal static class Flavour
{
    private const int ClientPort = 4222;
    private const int SecretLetters = 64;

    /// <summary>A cluster of three NATS servers; the connection string names all of them, and one may go.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddNatsServers(this IDistributedApplicationBuilder builder, string name)
    {
        var password = Secret(builder, $"{name}-password");
        string[] servers = [$"{name}-1", $"{name}-2", $"{name}-3"];
        var routes = string.Join(',', servers.Select(server => $"nats://{server}:6222"));
        var nodes = servers
            .Select((server, index) => builder.AddNats(server, index == 0 ? ClientPort : null, password: password)
                .WithArgs(
                    "--name", server, "--cluster_name", "cloudticks", "--cluster", "nats://0.0.0.0:6222", "--routes", routes,
                    // Their own addresses are those of the containers' network, which the services are not on.
                    "--no_advertise=true"))
            .Select(node => node.Resource.ConnectionStringExpression)
            .ToArray();
        return builder.AddConnectionString(name, ReferenceExpression.Create($"{nodes[0]},{nodes[1]},{nodes[2]}"));
    }

    /// <summary>One collector: the emulator under Aspire lacks the Kafka groups that share symbols (docs/collector.md).</summary>
    public static int CollectorsOf(IConfiguration settings, bool isOwnStream) =>
        isOwnStream ? settings.GetValue("Parameters:collectors", 1) : 1;

    /// <summary>The emulator under Aspire is reached by AMQP, and the relay reads by the Kafka protocol, as Event Hubs has it.</summary>
    public static bool HasRelay(bool isOwnStream) => isOwnStream;

    /// <summary>Partitions of an archive that is made now.</summary>
    public static int PartitionsOf(IConfiguration settings) => settings.GetValue("Parameters:partitions", 32);

    /// <summary>One: Azure runs as many as the backlog of a function needs.</summary>
    public static int FunctionHostsOf(IConfiguration settings)
    {
        _ = settings;
        return 1;
    }

    /// <summary>
    /// Storage for the checkpoints of the functions' runtime, and keys: it forwards every request, so its worker requires a key of every
    /// caller
    /// for one. The writer's key is for a person, by Aspire's dashboard or one's own <c>Parameters__hub-writer-key</c>.
    /// </summary>
    public static void Equip(
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
                // The trigger would take it for a connection string that lacks its key.
                context.EnvironmentVariables.Remove("ConnectionStrings__eventhubs");
                foreach (var (name, value) in identity)
                {
                    context.EnvironmentVariables[name] = value;
                }
            });
        }

        // The emulator has no health to ask for.
        dashboard.WithEnvironment("Dashboard__EventHubHealth", "");
    }

    /// <summary>
    /// A secret parameter. Where none is given it is generated once and kept in the user secrets, as Aspire does with the password of
    /// PostgreSQL.
    /// </summary>
    private static IResourceBuilder<ParameterResource> Secret(IDistributedApplicationBuilder builder, string name) => builder.AddParameter(
        // Letters and digits: it becomes part of URLs.
        name, new GenerateParameterDefault { MinLength = SecretLetters, Special = false }, secret: true, persist: true);
}
