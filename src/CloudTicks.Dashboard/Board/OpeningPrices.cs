using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CloudTicks.Dashboard.Services;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Json;
using Microsoft.Extensions.Options;

namespace CloudTicks.Dashboard.Board;

/// <summary>
/// Queries the functions for the first quote and the first trade of each symbol in today's session, so that a dashboard that starts during
/// the session shows the same price change as one that started before it. Ticks do not wait for the response. The query runs at the start,
/// and again when a symbol begins a session.
/// </summary>
internal sealed class OpeningPrices(
    ServiceQueries queries, ServiceClient services, SymbolBoard board, IOptions<DashboardOptions> options, TimeProvider time,
    ILogger<OpeningPrices> logger)
    : BackgroundService
{
    /// <summary>
    /// The poll interval, longer than the functions cache a response (15 s), so that the second response is newer than the first.
    /// </summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(20);

    /// <summary>The maximum number of symbols in a request, as limited by the functions.</summary>
    private const int MaxSymbols = 100_000;

    /// <summary>The timeout of a request. After a start the functions first count the table, which takes ten seconds or more.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    private readonly byte[] _scratch = new byte[TickPrices.ScratchBytes];
    private bool? _isUnavailable;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(PollInterval, time);
        var (last, lastButOne) = (-1L, -2L);
        do
        {
            // Query twice, because a tick reaches the table a little later than this process.
            var sessionsBegun = board.SessionsBegun;
            if ((sessionsBegun != last || last != lastButOne) && await QueryAsync(stoppingToken))
            {
                (last, lastButOne) = (sessionsBegun, last);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> QueryAsync(CancellationToken stoppingToken)
    {
        var openings = new Dictionary<string, SessionOpening>(StringComparer.Ordinal);
        var problem = await QueryAsync(TickKind.Quote, openings, stoppingToken)
            ?? await QueryAsync(TickKind.Trade, openings, stoppingToken);
        if (problem is null)
        {
            board.ApplyOpenings(openings);
        }

        if (_isUnavailable != problem is not null)
        {
            _isUnavailable = problem is not null;
            if (problem is null)
            {
                logger.OpeningsAvailable(openings.Count);
            }
            else
            {
                logger.OpeningsUnavailable(services.Functions.Authority, problem);
            }
        }

        return problem is null;
    }

    private async Task<string?> QueryAsync(TickKind kind, Dictionary<string, SessionOpening> openings, CancellationToken stoppingToken)
    {
        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"/api/v1/quotes/opening?kind={(kind == TickKind.Trade ? "trade" : "quote")}"
                + $"&limit={Math.Min(options.Value.Symbols, MaxSymbols)}");
        var response = await queries.QueryAsync(ServiceClient.At(services.Functions, path), RequestTimeout, stoppingToken);
        if (response.Value is not { ValueKind: JsonValueKind.Array } ticks)
        {
            return response.Problem ?? string.Create(CultureInfo.InvariantCulture, $"status {response.Status}");
        }

        foreach (var tick in ticks.EnumerateArray())
        {
            Add(JsonMarshal.GetRawUtf8Value(tick), openings);
        }

        return null;
    }

    private void Add(ReadOnlySpan<byte> json, Dictionary<string, SessionOpening> openings)
    {
        if (!TickPrices.TryRead(json, _scratch, out var tick))
        {
            return;
        }

        ref var opening = ref CollectionsMarshal.GetValueRefOrAddDefault(openings, Encoding.UTF8.GetString(tick.Symbol), out _);
        opening ??= new SessionOpening();
        if (tick.Has(TickFields.Price))
        {
            opening.SetTrade(tick.Price, tick.TimestampMs);
        }

        if (MidPrice.TryOf(tick.Bid, tick.Ask, out var quoted))
        {
            opening.SetQuote(quoted, tick.TimestampMs);
        }
    }
}
