using System.Text.Json.Nodes;
using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.AppHost.Local.Running;

namespace Aspire.Hosting.ApplicationModel;

internal class ProjectResource(string name, string programPath)
    : LocalResource(name), IResourceWithEnvironment, IResourceWithEndpoints, IResourceWithWaitSupport
{
    private readonly TaskCompletionSource _addressed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool IsService => true;

    public List<ResourceSetting> Environment { get; } = [];

    public int PreferredPort { get; set; }

    /// <summary>The preferred additional ports; a port that is taken is replaced by a free one.</summary>
    protected virtual IReadOnlyList<int> FurtherPorts => [];

    /// <summary>The path that answers 200 when the service is healthy.</summary>
    public string? HealthPath { get; set; }

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>Completes when the address is known, before the service starts.</summary>
    public Task Addressed => _addressed.Task;

    /// <summary>The endpoints in Aspire's manifest.</summary>
    protected virtual JsonObject ManifestBindings => new() { ["http"] = ManifestEntries.Binding("http", PreferredPort, targetPort: null) };

    public override JsonObject ManifestEntry()
    {
        var project = Path.GetFileNameWithoutExtension(programPath);
        return new JsonObject
        {
            ["type"] = "project.v0",
            ["path"] = $"src/{project}/{project}.csproj",
            ["env"] = new JsonObject(Environment.Select(setting => KeyValuePair.Create(setting.Name, (JsonNode?)setting.Expression))),
            ["bindings"] = ManifestBindings,
        };
    }

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
        _addressed.TrySetResult();
        var settings = Environment.ToDictionary(setting => setting.Name, string? (setting) => setting.Value());
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

/// <summary>
/// The functions, hosted by CloudTicks.Functions.Hosting. As with Azure's tooling, AppHost.cs need not declare their endpoint.
/// </summary>
internal sealed class AzureFunctionsProjectResource : ProjectResource
{
    private const int FunctionsPort = 7071;

    /// <summary>The port of the central hub.</summary>
    private const int CentralHubPort = 7000;

    /// <summary>The port of <c>/db_command</c>, for programs that post ticks.</summary>
    private const int DbCommandPort = 9100;

    private const int PublishedPort = 8080;

    public AzureFunctionsProjectResource(string name, string programPath)
        : base(name, programPath) => PreferredPort = FunctionsPort;

    protected override IReadOnlyList<int> FurtherPorts => [CentralHubPort, DbCommandPort];

    /// <summary>The endpoints in Aspire's manifest, with the port of the container image of the functions.</summary>
    protected override JsonObject ManifestBindings => new()
    {
        ["http"] = ManifestEntries.Binding("http", port: null, PublishedPort),
        ["https"] = ManifestEntries.Binding("https", port: null, PublishedPort),
    };
}
