using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using CloudTicks.Ticks.Status;
using CloudTicks.Verification;
using ServiceDefaults.Clients;

namespace CloudTicks.AppHost.Local.Running;

internal sealed class FeedClient(IReadOnlyList<Uri> collectors, Uri? simulator, TimeSpan? timeout = null) : IDisposable
{
    private readonly HttpClient _http = ServiceClients.Create(timeout ?? TimeSpan.FromSeconds(10));

    public bool IsSimulated => simulator is not null;

    public async Task<CollectorTotals> CollectorsAsync(CancellationToken cancellationToken) =>
        (await EachCollectorAsync(cancellationToken)).Aggregate(CollectorTotals.Join);

    public async Task<IReadOnlyList<CollectorTotals>> EachCollectorAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(collectors.Select(collector => CollectorAsync(collector, cancellationToken)));

    /// <summary>Each collector's status, in order; null for a collector that does not respond.</summary>
    public Task<CollectorTotals?[]> TryEachCollectorAsync(CancellationToken cancellationToken) => Task.WhenAll(
        collectors.Select(collector => TryAsync(() => CollectorAsync(collector, cancellationToken), cancellationToken)));

    /// <summary>The gaps that overlap a time range; null if a collector does not respond.</summary>
    public Task<RunGap[]?> TryGapsAsync(long fromMs, long toMs, CancellationToken cancellationToken) => TryAsync(
        () => JoinAsync<RunGap>(
            string.Create(CultureInfo.InvariantCulture, $"api/v1/gaps?from={fromMs}&to={toMs}&limit=50000"), cancellationToken),
                cancellationToken);

    /// <summary>The selected symbols; null if a collector does not respond.</summary>
    public async Task<IReadOnlySet<string>?> TrySelectedAsync(CancellationToken cancellationToken) =>
        (await TryAsync(() => JoinAsync<SelectedChannel>("api/v1/symbols", cancellationToken), cancellationToken))?.Select(
            selected => selected.Symbol).ToHashSet();

    /// <summary>What the simulator has sent; null if it does not respond.</summary>
    public Task<SimulatorStatus?> TrySimulatorAsync(CancellationToken cancellationToken) =>
        TryAsync(() => SimulatorAsync(cancellationToken), cancellationToken);

    public Task<SimulatorStatus> SimulatorAsync(CancellationToken cancellationToken) =>
        GetAsync<SimulatorStatus>(new Uri(simulator!, "api/v1/sent"), cancellationToken);

    /// <summary>Stops the simulator from sending.</summary>
    /// <returns>The final counts; null if the simulator does not respond.</returns>
    public Task<SimulatorStatus?> TryStopSimulatorAsync(CancellationToken cancellationToken) => TryAsync(
        async () =>
        {
            using var response = await _http.PostAsync(new Uri(simulator!, "api/v1/stop"), null, cancellationToken);
            response.EnsureSuccessStatusCode();
            return await SimulatorAsync(cancellationToken);
        },
        cancellationToken);

    public void Dispose() => _http.Dispose();

    /// <summary>Returns null if the process does not respond, for example while it restarts.</summary>
    private static async Task<T?> TryAsync<T>(Func<Task<T>> query, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await query();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<CollectorTotals> CollectorAsync(Uri collector, CancellationToken cancellationToken) =>
        CollectorTotals.Of(await GetAsync<CollectorStatus>(new Uri(collector, "api/v1/status"), cancellationToken));

    private async Task<T[]> JoinAsync<T>(string path, CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(collectors.Select(collector => GetAsync<T[]>(new Uri(collector, path), cancellationToken))))
            .SelectMany(gaps => gaps)];

    private async Task<T> GetAsync<T>(Uri address, CancellationToken cancellationToken) =>
        await _http.GetFromJsonAsync<T>(address, StatusJson.Lenient, cancellationToken)
            ?? throw new LocalRunException($"{address} returned an empty response.");
}

internal sealed record SimulatorStatus(bool Sending, Dictionary<string, SentSymbol> Symbols)
{
    [JsonIgnore]
    public long Sent => Symbols.Values.Sum(symbol => symbol.Sent);

    /// <summary>The counts by symbol.</summary>
    /// <param name="selected">The symbols that were selected until the end; all their ticks must have arrived.</param>
    public IReadOnlyDictionary<string, FeedCounts> ToCounts(IReadOnlySet<string> selected) => Symbols.Where(symbol => symbol.Value.Sent > 0)
        .ToDictionary(symbol => symbol.Key, symbol => symbol.Value.ToCounts(isSelected: selected.Contains(symbol.Key)));
}

internal sealed record SentSymbol(long Sent, long Distinct, string DistinctSum, long MadeDistinct, string MadeDistinctSum)
{
    public FeedCounts ToCounts(bool isSelected) => new(Sent, Distinct, Number(DistinctSum))
    {
        Made = isSelected ? new DistinctTicks(MadeDistinct, Number(MadeDistinctSum)) : null,
    };

    private static ulong Number(string hex) => ulong.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
