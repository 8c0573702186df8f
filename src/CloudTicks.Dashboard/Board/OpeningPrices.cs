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
/// Asks the functions for the first tick of each symbol in today's session, so that a page that was started in the middle of it shows the
/// same change as one that was there from its beginning. No tick waits for that. It asks at its start, and again when a symbol has begun a
/// session here.
/// </summary>
internal sealed class OpeningPrices(
    ServiceAsker asker, ServiceClient services, SymbolBoard board, IOptions<DashboardOptions> options, TimeProvider time,
    ILogger<OpeningPrices> logger)
    : BackgroundService
{
    /// <summary>Longer than the functions' own answer may be old (15 s): the second answer has what the first could not have yet.</summary>
    public static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(20);

    /// <summary>No answer of the functions has more.</summary>
    private const int MostSymbols = 100_000;

    /// <summary>After their start they count the table first, ten seconds at a time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly byte[] _scratch = new byte[TickPrices.ScratchBytes];
    private bool? _isAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenQuestions, time);
        var (last, lastButOne) = (-1L, -2L);
        do
        {
            // Twice for the same: the table has what this process saw a little later.
            var begun = board.SessionsBegun;
            if ((begun != last || last != lastButOne) && await AskAsync(stoppingToken))
            {
                (last, lastButOne) = (begun, last);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> AskAsync(CancellationToken stoppingToken)
    {
        var openings = new Dictionary<string, SessionOpening>(StringComparer.Ordinal);
        var problem = await AskAsync(TickKind.Quote, openings, stoppingToken) ?? await AskAsync(TickKind.Trade, openings, stoppingToken);
        if (problem is null)
        {
            board.TakeOpenings(openings);
        }

        if (_isAway != problem is not null)
        {
            _isAway = problem is not null;
            if (problem is null)
            {
                logger.OpeningsKnown(openings.Count);
            }
            else
            {
                logger.OpeningsAway(services.Functions.Authority, problem);
            }
        }

        return problem is null;
    }

    private async Task<string?> AskAsync(TickKind kind, Dictionary<string, SessionOpening> openings, CancellationToken stoppingToken)
    {
        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"/api/v1/quotes/opening?kind={(kind == TickKind.Trade ? "trade" : "quote")}"
                + $"&limit={Math.Min(options.Value.Symbols, MostSymbols)}");
        var answer = await asker.AskAsync(ServiceClient.At(services.Functions, path), Patience, stoppingToken);
        if (answer.Good is not { ValueKind: JsonValueKind.Array } ticks)
        {
            return answer.Problem ?? string.Create(CultureInfo.InvariantCulture, $"status {answer.Status}");
        }

        foreach (var tick in ticks.EnumerateArray())
        {
            Take(JsonMarshal.GetRawUtf8Value(tick), openings);
        }

        return null;
    }

    private void Take(ReadOnlySpan<byte> json, Dictionary<string, SessionOpening> openings)
    {
        if (!TickPrices.TryRead(json, _scratch, out var tick))
        {
            return;
        }

        ref var opening = ref CollectionsMarshal.GetValueRefOrAddDefault(openings, Encoding.UTF8.GetString(tick.Symbol), out _);
        opening ??= new SessionOpening();
        if (tick.Has(TickFields.Price))
        {
            opening.TakeTrade(tick.Price, tick.TimestampMs);
        }

        if (MiddlePrice.TryOf(tick.Bid, tick.Ask, out var quoted))
        {
            opening.TakeQuote(quoted, tick.TimestampMs);
        }
    }
}
