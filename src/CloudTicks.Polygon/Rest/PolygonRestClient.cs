using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CloudTicks.Polygon.Requests;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Polygon.Rest;

/// <summary>
/// Polygon's REST endpoints: tick history, option contracts, market status. All requests share the account's request budget with the
/// control messages of the sockets. Transient failures of a request are retried up to six times, except in <see cref="HasTickerAsync"/>.
/// </summary>
public sealed class PolygonRestClient : IDisposable
{
    private const int TicksPerPage = 50_000;
    private const int ContractsPerPage = 1_000;
    private const int MaxPageBytes = 64 << 20;
    private const long NanosecondsPerMs = 1_000_000;

    private readonly RestOrigin _origin;
    private readonly PolygonMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<PolygonRestClient> _logger;
    private int _loggedRejections;

    /// <summary>Creates the client.</summary>
    /// <param name="budget">The account's request budget.</param>
    public PolygonRestClient(
        IOptions<PolygonOptions> options, PolygonApiKey apiKey, RequestBudget budget, PolygonMetrics metrics, TimeProvider time,
        ILogger<PolygonRestClient> logger)
    {
        _origin = new RestOrigin(
            new Uri(options.Value.EffectiveRestEndpoint.GetLeftPart(UriPartial.Authority)), options.Value.PageHostNames, apiKey, budget,
            metrics, time,
            logger);
        (_metrics, _time, _logger) = (metrics, time, logger);
    }

    /// <summary>Whether Polygon has a history of a kind of tick: all kinds with channels, except crypto quotes.</summary>
    /// <returns>False when <see cref="ReadTicksAsync"/> would throw.</returns>
    public static bool HasHistory(Market market, TickKind kind) =>
        FeedChannel.Exists(market, kind) && (market, kind) is not (Market.Crypto, TickKind.Quote);

    /// <summary>Reads a symbol's history in ascending order of time.</summary>
    /// <param name="kind">Quotes or trades; see <see cref="HasHistory"/>.</param>
    /// <param name="fromMs">The start of the time range, inclusive, Unix ms, UTC.</param>
    /// <param name="toMs">The end of the time range, inclusive, Unix ms, UTC.</param>
    /// <returns>The pages of the history. Each must be read before the next one is requested.</returns>
    /// <exception cref="PolygonRestException">The history, or a part of it, cannot be read.</exception>
    /// <exception cref="ArgumentException">Polygon has no such history, or the time range is invalid.</exception>
    public IAsyncEnumerable<TickPage> ReadTicksAsync(
        Symbol symbol, TickKind kind, long fromMs, long toMs, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromMs);
        ArgumentOutOfRangeException.ThrowIfLessThan(toMs, fromMs);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(toMs, long.MaxValue / NanosecondsPerMs);
        var rows = new RowReader(symbol, kind);
        var path = kind == TickKind.Quote ? "quotes" : "trades";
        var first = string.Create(
            CultureInfo.InvariantCulture,
            $"/v3/{path}/{RestTicker.Of(symbol)}?timestamp.gte={fromMs * NanosecondsPerMs}&timestamp.lt={(toMs + 1) * NanosecondsPerMs}"
                + $"&order=asc&sort=timestamp&limit={TicksPerPage}");
        return ReadPagesAsync(path, new PageCursor(_origin, path, new Uri(_origin.Address, first)), rows, cancellationToken);
    }

    /// <summary>Reads the unexpired option contracts of a stock, ordered by expiry.</summary>
    /// <param name="underlying">The stock, such as <c>SPY</c>.</param>
    /// <param name="type">Only calls or only puts; null for all.</param>
    /// <exception cref="PolygonRestException">The contracts, or some of them, cannot be read.</exception>
    public async IAsyncEnumerable<OptionContract> ReadContractsAsync(
        string underlying, DateOnly fromDay, DateOnly toDay, ContractType? type,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(underlying);
        var typeFilter = type switch { ContractType.Call => "&contract_type=call", ContractType.Put => "&contract_type=put", _ => "" };
        var first = string.Create(
            CultureInfo.InvariantCulture,
            $"/v3/reference/options/contracts?underlying_ticker={Uri.EscapeDataString(underlying)}"
                + $"&expiration_date.gte={fromDay:yyyy-MM-dd}&expiration_date.lte={toDay:yyyy-MM-dd}{typeFilter}"
                + $"&expired=false&order=asc&sort=expiration_date&limit={ContractsPerPage}");
        var cursor = new PageCursor(_origin, "contracts", new Uri(_origin.Address, first));
        string? next;
        List<OptionContract> contracts;
        do
        {
            (contracts, next) = await _origin.GetAsync("contracts", cursor.Address, MaxPageBytes, ReadContracts, cancellationToken);
            foreach (var contract in contracts)
            {
                yield return contract;
            }
        }
        while (cursor.MoveNext(next, contracts.Count == 0));
    }

    /// <summary>Whether the reference data contains a symbol.</summary>
    /// <exception cref="PolygonRestException">The request failed.</exception>
    public async Task<bool> HasTickerAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        try
        {
            var resource = symbol.Market == Market.Option ? "options/contracts" : "tickers";
            var address = new Uri(_origin.Address, $"/v3/reference/{resource}/{RestTicker.ToReference(symbol)}");
            using var response = await _origin.GetOnceAsync("tickers", address, MaxPageBytes, response => response, cancellationToken);
            return true;
        }
        catch (PolygonRestException exception) when (exception.IsNotFound)
        {
            return false;
        }
    }

    /// <summary>Gets which markets are open now.</summary>
    /// <exception cref="PolygonRestException">The request failed.</exception>
    public Task<MarketStatus> GetMarketStatusAsync(CancellationToken cancellationToken) => GetAsync(
        "marketstatus", "/v1/marketstatus/now", ReferenceJson.Status, cancellationToken);

    /// <summary>Gets the coming holidays and half days of the exchanges.</summary>
    /// <exception cref="PolygonRestException">The request failed.</exception>
    public Task<IReadOnlyList<MarketHoliday>> GetHolidaysAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<MarketHoliday>>(
        "holidays", "/v1/marketstatus/upcoming",
        response => CountRejected("holidays", ReferenceJson.Holidays(response, out var rejected), rejected),
        cancellationToken);

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _origin.Dispose();

    private async IAsyncEnumerable<TickPage> ReadPagesAsync(
        string endpoint, PageCursor cursor, RowReader rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TickPage? last = null;
        PageEnvelope envelope;
        TickPage page;
        do
        {
            var (response, read) = await _origin.GetAsync(
                endpoint, cursor.Address, MaxPageBytes, response => (response, PageEnvelope.Read(response.Bytes)), cancellationToken);
            using (response)
            {
                envelope = read;
                page = new TickPage(
                    rows, envelope.Results, _time.GetUtcNow().ToUnixTimeMilliseconds(), (reason, row) => OnRejected(endpoint, reason, row));
                yield return page;
            }

            if (last is not null && page.FirstMs <= last.FirstMs && page.FirstMs < last.LastMs)
            {
                throw cursor.RepeatedRows();
            }

            last = page.Count > 0 ? page : last;
        }
        while (cursor.MoveNext(envelope.NextUrl, envelope.Results.IsEmpty));
    }

    private (List<OptionContract> Contracts, string? Next) ReadContracts(RestResponse response)
    {
        using (response)
        {
            var envelope = PageEnvelope.Read(response.Bytes);
            return (CountRejected("contracts", ReferenceJson.Contracts(envelope.Results, out var rejected), rejected), envelope.NextUrl);
        }
    }

    private Task<T> GetAsync<T>(string endpoint, string path, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellationToken) =>
        _origin.GetAsync(
            endpoint, new Uri(_origin.Address, path), MaxPageBytes,
            response =>
            {
                using (response)
                {
                    return read(response.Bytes);
                }
            },
            cancellationToken);

    private T CountRejected<T>(string endpoint, T rows, int rejected)
    {
        if (rejected > 0)
        {
            _metrics.RowsRejected(endpoint, "bad_field", rejected);
            _logger.RowsRejected(endpoint, rejected);
        }

        return rows;
    }

    private void OnRejected(string endpoint, TickRejection reason, ReadOnlySpan<byte> row)
    {
        _metrics.RowsRejected(endpoint, reason.Name(), 1);
        var bit = 1 << (int)reason;
        if ((Interlocked.Or(ref _loggedRejections, bit) & bit) == 0)
        {
            _logger.FirstRowRejected(endpoint, reason.Name(), Encoding.UTF8.GetString(row[..Math.Min(row.Length, 300)]));
        }
    }
}
