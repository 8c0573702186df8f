using System.Globalization;
using System.Text.Json;
using CloudTicks.EventStream.Topics;
using CloudTicks.TestServices;

namespace CloudTicks.Collection.Tests.Replicas;

/// <summary>Runs a simulator, an event hub and collectors that share the symbols, each as a separate process.</summary>
internal sealed class ReplicaSystem : IAsyncDisposable
{
    private const string Group = "test";

    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly List<ServiceProcess> _replicas = [];
    private readonly int _connections;

    private ReplicaSystem(EventHubProcess hub, ServiceProcess simulator, int connections) =>
        (Hub, Simulator, _connections) = (hub, simulator, connections);

    public EventHubProcess Hub { get; }

    public ServiceProcess Simulator { get; }

    public static async Task<ReplicaSystem> StartAsync(int connections)
    {
        var hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var simulator = await ServiceProcess.StartAsync("SimulatorProgram", ("Simulator__Rate", "500"));
        return new ReplicaSystem(hub, simulator, connections);
    }

    public async Task<ServiceProcess> AddAsync(string name)
    {
        var replica = await ServiceProcess.StartAsync(
            "CollectorProgram", ("ConnectionStrings__eventhubs", Hub.BootstrapServers), ("POLYGON_API_KEY", "key"),
            ("Polygon__Endpoint", new UriBuilder(Simulator.Address) { Scheme = "ws" }.Uri.ToString()),
            ("Polygon__MaxConnections", _connections.ToString(CultureInfo.InvariantCulture)), ("Polygon__RateLimitPerSecond", "100"),
            ("Collector__FeedName", "simulated"), ("Collector__BackfillDelay", "00:00:01"), ("Collector__Group", Group),
            ("Collector__DataFolder", _folder.File(name)));
        _replicas.Add(replica);
        return replica;
    }

    /// <summary>Waits until a replica holds this many connections and the server has acknowledged all their channels.</summary>
    /// <returns>The numbers of the replica's connections, and the number of symbols on them.</returns>
    public static async Task<(int[] Connections, int Symbols)> UntilHoldsAsync(ServiceProcess replica, int connections)
    {
        var status = await replica.UntilAsync("api/v1/status", status =>
            Held(status).Length == connections && Connections(status).Length == connections && IsCovered(status));
        return (Held(status), Connections(status).Sum(connection => connection.GetProperty("wanted").GetInt32()));
    }

    public static int[] Held(JsonElement status) => status.GetProperty("replica") is { ValueKind: JsonValueKind.Object } replica
        ? [.. replica.GetProperty("connections").EnumerateArray().Select(number => number.GetInt32())]
        : [];

    /// <summary>Waits until two replicas hold this many connections each, and no connection belongs to both.</summary>
    public static async Task<(int[] Connections, int Symbols)> UntilSharedAsync(ServiceProcess one, ServiceProcess other, int each)
    {
        while (true)
        {
            var (ones, onesSymbols) = await UntilHoldsAsync(one, each);
            var (others, othersSymbols) = await UntilHoldsAsync(other, each);
            // A replica that a busy machine delays rejoins, and the connections may move between the two requests.
            if (!ones.Intersect(others).Any())
            {
                return ([.. ones, .. others], onesSymbols + othersSymbols);
            }
        }
    }

    /// <summary>
    /// Stops the feed, and waits until these replicas have no gap that is open or being filled. Then waits until the archive has all
    /// generated ticks, but for two minutes at most.
    /// </summary>
    public async Task UntilArchivedAsync(params ServiceProcess[] replicas)
    {
        await Simulator.PostAsync("api/v1/stop");
        foreach (var replica in replicas)
        {
            await replica.UntilAsync("api/v1/status", status =>
                status.GetProperty("queued_bytes").GetInt64() == 0 && status.GetProperty("in_flight").GetInt64() == 0
                && status.GetProperty("gaps").GetProperty("open").GetInt32() == 0
                && status.GetProperty("gaps").GetProperty("filling").GetInt32() == 0);
        }

        // A replica may not have received the last ticks or noticed the last gap when its status is read.
        var generated = await GeneratedAsync();
        var archived = await ArchivedAsync();
        var startedAt = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(startedAt) < MaxWait
            && generated.Any(symbol => archived.GetValueOrDefault(symbol.Key).Count < symbol.Value.Count))
        {
            archived = await ArchivedAsync();
        }
    }

    /// <summary>The ticks that the simulator generated: by symbol, the distinct count and the wrapping sum of their identities.</summary>
    public async Task<Dictionary<string, (long Count, string Sum)>> GeneratedAsync() =>
        (await Simulator.GetAsync("api/v1/sent")).GetProperty("symbols").EnumerateObject().ToDictionary(
            symbol => symbol.Name,
            symbol => (symbol.Value.GetProperty("made_distinct").GetInt64(), symbol.Value.GetProperty("made_distinct_sum").GetString()!));

    /// <summary>The ticks of the archive: by symbol, the distinct count and the wrapping sum of their identities.</summary>
    public async Task<Dictionary<string, (long Count, string Sum)>> ArchivedAsync()
    {
        var archive = new ArchiveReader(Hub.BootstrapServers);
        var from = (await archive.ReadPositionsAsync(TopicNames.TickArchive)).Select(partition => partition with { High = 0 }).ToArray();
        return ArchiveReader.Ticks(await archive.RecordsAsync(TopicNames.TickArchive, from), includeBackfilled: true)
            .GroupBy(tick => tick.Symbol).ToDictionary(
            symbol => symbol.Key,
            symbol =>
            {
                var identities = symbol.Select(tick => tick.Identity).Distinct().ToArray();
                return ((long)identities.Length, $"{identities.Aggregate(0UL, (sum, identity) => unchecked(sum + identity)):x16}");
            });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        await Simulator.DisposeAsync();
        await Hub.DisposeAsync();
        _folder.Dispose();
    }

    private static JsonElement[] Connections(JsonElement status) =>
        [.. status.GetProperty("connections").GetProperty("forex").GetProperty("connections").EnumerateArray()];

    private static bool IsCovered(JsonElement status) => Array.TrueForAll(Connections(status), connection =>
        connection.GetProperty("state").GetString() == "open"
        && connection.GetProperty("wanted").GetInt32() == connection.GetProperty("acknowledged").GetInt32());
}
