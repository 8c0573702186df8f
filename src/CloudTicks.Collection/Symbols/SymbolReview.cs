using CloudTicks.CentralHub.Lists;
using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Symbols;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Symbols;

/// <summary>
/// Warns of symbols that are collected although they do not look like one of their market, or that the reference data do not have. It
/// leaves none out: a document or file that is older than the rule keeps its feed.
/// </summary>
internal sealed class SymbolReview(PolygonRestClient rest, TimeProvider time, ILogger logger)
{
    /// <summary>Of more the requests would be missed elsewhere: history and subscriptions have the same budget.</summary>
    private const int MaxLookups = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HashSet<Symbol> _reviewed = [];
    private Task _lookup = Task.CompletedTask;
    private (IReadOnlyList<Symbol>?, IReadOnlyList<Symbol>?) _latest;

    /// <summary>Reviews those that are new. A look-up runs in the background; what comes meanwhile waits for the next call.</summary>
    public void Review(IReadOnlyList<Symbol> configured, IReadOnlyList<Symbol> turnedOn, CancellationToken stopping)
    {
        if (!_lookup.IsCompleted || _latest == (configured, turnedOn))
        {
            return;
        }

        _latest = (configured, turnedOn);
        Symbol[] added = [.. configured.Concat(turnedOn).Where(_reviewed.Add)];
        Symbol[] doubtful = [.. added.Where(symbol => SymbolGrammar.DoubtOf(symbol) is not null)];
        if (doubtful.Length > 0)
        {
            logger.DoubtfulSymbols(doubtful.Length, Names(doubtful), doubtful[0], SymbolAdvice.Of(doubtful[0])!);
        }

        Symbol[] unlisted = [.. added.Where(symbol => !IsKnown(symbol)).Take(MaxLookups)];
        if (unlisted.Length > 0)
        {
            _lookup = LookUpAsync(unlisted, stopping);
        }
    }

    public Task EndAsync() => _lookup;

    /// <summary>A doubtful one was named already.</summary>
    private static bool IsKnown(Symbol symbol) => SymbolAdvice.IsListed(symbol) || SymbolGrammar.DoubtOf(symbol) is not null;

    private static string Names(IEnumerable<Symbol> symbols) => string.Join(", ", symbols.Take(10));

    private async Task LookUpAsync(Symbol[] symbols, CancellationToken stopping)
    {
        try
        {
            var found = await TickerLookup.FindAsync(rest, symbols, Patience, time, stopping);
            if (found.Unknown.Count > 0)
            {
                logger.UnknownSymbols(found.Unknown.Count, Names(found.Unknown));
            }

            if (found.Problem is { } problem)
            {
                logger.SymbolsNotLookedUp(found.Unchecked, problem);
            }
        }
        catch (Exception exception) when (
            exception is OperationCanceledException or ObjectDisposedException && stopping.IsCancellationRequested)
        {
            // The collector stops.
        }
    }
}
