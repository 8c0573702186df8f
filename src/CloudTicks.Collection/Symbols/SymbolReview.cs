using CloudTicks.CentralHub.Lists;
using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Symbols;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Symbols;

/// <summary>
/// Warns about symbols that do not look like symbols of their market, or that are not in the reference data. Rejects no symbol, because
/// documents and files may be older than this check.
/// </summary>
internal sealed class SymbolReview(PolygonRestClient rest, TimeProvider time, ILogger logger)
{
    /// <summary>Maximum lookups per review, because history and subscriptions share the request budget.</summary>
    private const int MaxLookups = 100;

    private static readonly TimeSpan LookupTimeout = TimeSpan.FromSeconds(30);

    private readonly HashSet<Symbol> _reviewedSymbols = [];
    private Task _lookup = Task.CompletedTask;
    private (IReadOnlyList<Symbol>?, IReadOnlyList<Symbol>?) _lastReviewed;

    /// <summary>Reviews new symbols. The lookup runs in the background; until it ends, calls do nothing.</summary>
    public void Review(IReadOnlyList<Symbol> configured, IReadOnlyList<Symbol> enabled, CancellationToken stopping)
    {
        if (!_lookup.IsCompleted || _lastReviewed == (configured, enabled))
        {
            return;
        }

        _lastReviewed = (configured, enabled);
        Symbol[] added = [.. configured.Concat(enabled).Where(_reviewedSymbols.Add)];
        Symbol[] doubtful = [.. added.Where(symbol => SymbolGrammar.WarningOf(symbol) is not null)];
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

    public Task WaitForLookupAsync() => _lookup;

    /// <summary>Whether a symbol needs no lookup: it is listed, or it was reported as doubtful.</summary>
    private static bool IsKnown(Symbol symbol) => SymbolAdvice.IsListed(symbol) || SymbolGrammar.WarningOf(symbol) is not null;

    private static string Names(IEnumerable<Symbol> symbols) => string.Join(", ", symbols.Take(10));

    private async Task LookUpAsync(Symbol[] symbols, CancellationToken stopping)
    {
        try
        {
            var found = await TickerLookup.FindAsync(rest, symbols, LookupTimeout, time, stopping);
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
            // The collector is stopping.
        }
    }
}
