using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.AppHost.Local.Running;

namespace Aspire.Hosting.ApplicationModel;

internal class ProjectResource(string name, string programPath)
    : LocalResource(name), IResourceWithEnvironment, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public override bool IsService => true;

    /// <summary>Settings, read when the process starts, when the addresses of the others are known.</summary>
    public List<Func<KeyValuePair<string, string>>> Environment { get; } = [];

    public int PreferredPort { get; set; }

    /// <summary>Ports by which it is reached too, each taken when it is free.</summary>
    protected virtual IReadOnlyList<int> FurtherPorts => [];

    /// <summary>The path that answers 200 when the service is healthy.</summary>
    public string? HealthPath { get; set; }

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    public override IEnumerable<string> ProcessNames(RunOptions options) => [Name];

    public override Task StartAsync(LocalEnvironment environment, CancellationToken cancellationToken) => environment.StartOnPortsAsync(
        Name,
        [.. FurtherPorts.Prepend(PreferredPort).Select(port => (Name, port))],
        ports => StartAsync(ports, environment, cancellationToken),
        cancellationToken);

    private async Task StartAsync(IReadOnlyList<int> ports, LocalEnvironment environment, CancellationToken cancellationToken)
    {
        Addresses = [.. ports.Select(port => new Uri($"http://127.0.0.1:{port}/"))];
        Address = Addresses[0];
        var settings = Environment.Select(setting => setting()).ToDictionary(pair => pair.Key, string? (pair) => pair.Value);
        settings["ASPNETCORE_URLS"] = string.Join(';', ports.Select(port => $"http://127.0.0.1:{port}"));
        await SuperviseAsync(
            Name,
            token => environment.StartServiceAsync(Name, programPath, [], settings, token),
            Address.Authority,
            HealthPath is null ? null : new Uri(Address, HealthPath),
            environment,
            cancellationToken);
    }
}

/// <summary>The functions, served by CloudTicks.Functions.Hosting. Like Azure's tools they bring their endpoint along.</summary>
internal sealed class AzureFunctionsProjectResource : ProjectResource
{
    private const int FunctionsPort = 7071;

    /// <summary>Where services and people look for the central hub.</summary>
    private const int CentralHubPort = 7000;

    /// <summary>Where programs that post ticks look for <c>/db_command</c>.</summary>
    private const int DbCommandPort = 9100;

    public AzureFunctionsProjectResource(string name, string programPath)
        : base(name, programPath) => PreferredPort = FunctionsPort;

    protected override IReadOnlyList<int> FurtherPorts => [CentralHubPort, DbCommandPort];
}
