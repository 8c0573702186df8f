using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using CloudTicks.Verification;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Asks the simulator what it sent and the collectors what they read.</summary>
/// <param name="collectors">The collectors; one or more.</param>
/// <param name="simulator">The simulator; null on the real feed.</param>
/// <param name="patience">How long an answer may take; null for 10 s.</param>
internal sealed class FeedClient(IReadOnlyList<Uri> collectors, Uri? simulator, TimeSpan? patience = null) : IDisposable
{
    private static readonly JsonSerializerOptions SnakeCase = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly HttpClient _http = new() { Timeout = patience ?? TimeSpan.FromSeconds(10) };

    public bool IsSimulated => simulator is not null;

    /// <summary>What the collectors say of themselves, all together.</summary>
    public async Task<CollectorStatus> CollectorsAsync(CancellationToken cancellationToken) =>
        (await EachCollectorAsync(cancellationToken)).Aggregate(CollectorStatus.Join);

    /// <summary>What each collector says of itself, in their order.</summary>
    public async Task<IReadOnlyList<CollectorStatus>> EachCollectorAsync(CancellationToken cancellationToken) => await Task.WhenAll(
        collectors.Select(collector => GetAsync<CollectorStatus>(new Uri(collector, "api/v1/status"), cancellationToken)));

    public Task<SimulatorStatus> SimulatorAsync(CancellationToken cancellationToken) =>
        GetAsync<SimulatorStatus>(new Uri(simulator!, "api/v1/sent"), cancellationToken);

    /// <summary>Ends the sending; what was sent until then is final.</summary>
    public async Task StopSimulatorAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync(new Uri(simulator!, "api/v1/stop"), null, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(Uri address, CancellationToken cancellationToken) =>
        await _http.GetFromJsonAsync<T>(address, SnakeCase, cancellationToken)
            ?? throw new LocalRunException($"{address} answered with nothing.");
}

/// <summary>What the collector says of itself.</summary>
internal sealed record CollectorStatus(long? FirstTickMs, long Received, Dictionary<string, long> Rejected)
{
    public long Archived { get; init; }

    public long ArchivedRecords { get; init; }

    /// <summary>Whether an authenticated session stands, by market.</summary>
    public Dictionary<string, bool> Connected { get; init; } = [];

    /// <summary>Why a market's feed was refused for good, by market.</summary>
    public Dictionary<string, string> Refused { get; init; } = [];

    /// <summary>The symbols that had a tick.</summary>
    public Dictionary<string, JsonElement> Symbols { get; init; } = [];

    public CollectorCounts ToCounts() => new(Received, Rejected);

    /// <summary>The two as if they were one collector: a market is connected, or refused, when it is for either.</summary>
    public static CollectorStatus Join(CollectorStatus one, CollectorStatus other) => new(
        one.FirstTickMs is { } first && other.FirstTickMs is { } second ? Math.Min(first, second) : one.FirstTickMs ?? other.FirstTickMs,
        one.Received + other.Received,
        Joined(one.Rejected, other.Rejected, (left, right) => left + right))
    {
        Archived = one.Archived + other.Archived,
        ArchivedRecords = one.ArchivedRecords + other.ArchivedRecords,
        Connected = Joined(one.Connected, other.Connected, (left, right) => left || right),
        Refused = Joined(one.Refused, other.Refused, (left, _) => left),
        Symbols = Joined(one.Symbols, other.Symbols, (left, _) => left),
    };

    private static Dictionary<string, T> Joined<T>(Dictionary<string, T> one, Dictionary<string, T> other, Func<T, T, T> join)
    {
        var joined = new Dictionary<string, T>(one);
        foreach (var (name, value) in other)
        {
            joined[name] = joined.TryGetValue(name, out var there) ? join(there, value) : value;
        }

        return joined;
    }
}

/// <summary>What the simulator says that it sent.</summary>
internal sealed record SimulatorStatus(bool Finished, Dictionary<string, SentSymbol> Symbols)
{
    [JsonIgnore]
    public long Sent => Symbols.Values.Sum(symbol => symbol.Sent);

    public IReadOnlyDictionary<string, FeedCounts> ToCounts() => Symbols.Where(symbol => symbol.Value.Sent > 0)
        .ToDictionary(symbol => symbol.Key, symbol => symbol.Value.ToCounts());
}

/// <summary>What the simulator sent of one symbol.</summary>
internal sealed record SentSymbol(long Sent, long Distinct, string DistinctSum)
{
    public FeedCounts ToCounts() => new(Sent, Distinct, ulong.Parse(DistinctSum, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
