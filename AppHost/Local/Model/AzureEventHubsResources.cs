using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.AppHost.Local.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The namespace of event hubs: here the local event hub, which speaks the Kafka protocol.</summary>
internal sealed class AzureEventHubsResource(string name) : LocalResource(name), IResourceWithConnectionString
{
    private const int PreferredPort = 9092;
    public const int PreferredHealthPort = 9093;

    private int _port;

    public string ConnectionName => Name;

    public string ConnectionString => $"127.0.0.1:{_port}";

    public Uri? Health { get; private set; }

    /// <summary>Refers to the Bicep module that Aspire generates; this flavour does not write one.</summary>
    public override JsonObject ManifestEntry() => new()
    {
        ["type"] = "azure.bicep.v0",
        ["connectionString"] = $"{{{Name}.outputs.eventHubsEndpoint}}",
        ["path"] = $"{Name}.module.bicep",
    };

    public override IEnumerable<string> ProcessNames(RunOptions options) => [Name];

    public override Task StartAsync(LocalEnvironment environment, CancellationToken cancellationToken) => environment.StartOnPortsAsync(
        Name,
        [(Name, PreferredPort), ($"{Name} health", PreferredHealthPort)],
        ports => StartAsync(ports[0], ports[1], environment, cancellationToken),
        cancellationToken);

    private async Task StartAsync(int port, int healthPort, LocalEnvironment environment, CancellationToken cancellationToken)
    {
        (_port, Health) = (port, new Uri($"http://127.0.0.1:{healthPort}/health"));
        string[] arguments =
        [
            "--data", environment.Folder(Name),
            "--port", _port.ToString(CultureInfo.InvariantCulture),
            "--health-port", healthPort.ToString(CultureInfo.InvariantCulture),
        ];
        var program = new Projects.CloudTicks_EventHub().ProjectPath;
        await SuperviseAsync(
            Name,
            token => environment.StartServiceAsync(Name, program, arguments, new Dictionary<string, string?>(), token),
            ConnectionString,
            Health,
            environment,
            cancellationToken);
    }
}

/// <summary>One event hub of the namespace, which is a Kafka topic. It starts no process; LocalRun creates the topic.</summary>
internal sealed class AzureEventHubResource(string name, string hubName, AzureEventHubsResource hubs) : LocalResource(name)
{
    public long? PartitionCount { get; set; }

    public string ConnectionExpression => $"Endpoint={{{hubs.Name}.outputs.eventHubsEndpoint}};EntityPath={hubName}";

    public override JsonObject ManifestEntry() => ManifestEntries.Value(ConnectionExpression);

    public override Task StartAsync(LocalEnvironment environment, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A consumer group of an event hub. A local group is created when its first consumer joins.</summary>
internal sealed class AzureEventHubConsumerGroupResource(string name, string groupName, AzureEventHubResource hub) : LocalResource(name)
{
    public override JsonObject ManifestEntry() => ManifestEntries.Value($"{hub.ConnectionExpression};ConsumerGroup={groupName}");

    public override Task StartAsync(LocalEnvironment environment, CancellationToken cancellationToken) => Task.CompletedTask;
}
