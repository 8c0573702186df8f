using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CloudTicks.Collection.Tests.Replicas;
using CloudTicks.LocalServices.Nats;
using CloudTicks.TestServices;

namespace CloudTicks.Dashboard.BrowserTests.Systems;

/// <summary>The whole system, with one process each for simulator, collector, event hub, functions, database, NATS and dashboard.</summary>
internal sealed class WholeSystem : IAsyncDisposable
{
    /// <summary>A writer's key for the central hub.</summary>
    public const string WriterKey = "3f1c9a2b7d5e4860a1b2c3d4e5f60718";

    private const string Document = "api/v1/config/polygon-live-collector";

    private const string HealthOn = "health on ";

    private readonly TemporaryFolder _folder = new();
    private NatsCluster _nats = null!;
    private EventHubProcess _hub = null!;
    private ServiceProcess? _simulator;

    private WholeSystem()
    {
    }

    public ServiceProcess Functions { get; private set; } = null!;

    public ServiceProcess Collector { get; private set; } = null!;

    public ServiceProcess Dashboard { get; private set; } = null!;

    public ServiceProcess Simulator => _simulator!;

    /// <summary>The event hub's HTTP listener.</summary>
    public Uri EventHubHealth => new(_hub.Log.Last(line => line.Contains(HealthOn, StringComparison.Ordinal)).Split(HealthOn)[1].Trim());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<WholeSystem> StartAsync(PostgresFixture postgres)
    {
        var system = new WholeSystem();
        try
        {
            await system.StartPartsAsync(await postgres.CreateDatabaseAsync(Cancellation));
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the collector, also after it was killed.</summary>
    public async Task StartCollectorAsync(string urls = "http://127.0.0.1:0") => Collector = await ServiceProcess.StartOnAsync(
        "CollectorProgram", urls, ("ConnectionStrings__eventhubs", _hub.BootstrapServers),
        ("ConnectionStrings__nats", _nats.Servers[0].Url),
        ("POLYGON_API_KEY", "key"), ("Polygon__Endpoint", new UriBuilder(_simulator!.Address) { Scheme = "ws" }.Uri.ToString()),
        ("Collector__FeedName", "simulated"), ("Collector__DataFolder", _folder.File("collector")),
        ("CentralHub__Endpoint", Functions.Address.ToString()));

    /// <summary>Starts another dashboard.</summary>
    public Task<ServiceProcess> StartDashboardAsync(string urls = "http://127.0.0.1:0", params (string Name, string Value)[] environment) =>
        ServiceProcess.StartOnAsync(
        "DashboardProgram", urls,
        [
            ("ConnectionStrings__nats", _nats.Servers[0].Url), ("Dashboard__Functions", Functions.Address.ToString()),
            ("Dashboard__Collectors__0", Collector.Address.ToString()), ("Dashboard__EventHubHealth", ""), .. environment,
        ]);

    /// <summary>Creates a key at the central hub.</summary>
    public async Task<string> CreateKeyAsync(string name, string role)
    {
        using var http = new HttpClient { BaseAddress = Functions.Address };
        http.DefaultRequestHeaders.Add("x-functions-key", WriterKey);
        using var response = await http.PostAsJsonAsync("api/v1/keys", new { name, role }, Cancellation);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("key").GetString()!;
    }

    /// <summary>Changes the collectors' document with a merge patch.</summary>
    public Task PatchAsync(string patch) => Functions.PostJsonAsync(Document, patch);

    /// <summary>Registers the service of another program at the central hub.</summary>
    public async Task RegisterAsync(string service, string registration)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("x-functions-key", WriterKey);
        using var content = new StringContent(registration, Encoding.UTF8, "application/json");
        using var response = await http.PutAsync(new Uri(Functions.Address, $"api/v1/services/{service}"), content, Cancellation);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (ServiceProcess?[])[Dashboard, Collector, _simulator, Functions])
        {
            await (process?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        await (_hub?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_nats?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }

    private async Task StartPartsAsync(string database)
    {
        _nats = await NatsFixture.StartClusterAsync(1, Cancellation);
        _hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        _simulator = await ServiceProcess.StartAsync("SimulatorProgram", ("Simulator__Rate", "300"));
        Functions = await ServiceProcess.StartAsync(
            "FunctionsProgram", ("ConnectionStrings__eventhubs", _hub.BootstrapServers), ("ConnectionStrings__timescale", database),
            ("ConnectionStrings__nats", _nats.Servers[0].Url), ("CLOUDTICKS_HUB_WRITER_KEY", WriterKey));
        await Functions.UntilHealthyAsync();
        await StartCollectorAsync();
        Dashboard = await StartDashboardAsync();
        await BoardSystem.UntilSubscribedAsync(Dashboard);
    }
}
