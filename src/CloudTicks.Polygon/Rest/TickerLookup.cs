using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Rest;

/// <summary>
/// Looks up symbols in the reference data, one at a time. Stops at the first failure or at the timeout, and returns the reason instead of
/// throwing.
/// </summary>
public static class TickerLookup
{
    /// <summary>Looks up symbols.</summary>
    /// <param name="timeout">The maximum time for all symbols.</param>
    public static async Task<TickerFindings> FindAsync(
        PolygonRestClient rest, IReadOnlyList<Symbol> symbols, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeLimit = new CancellationTokenSource(timeout, time);
        using var linkedCancellation = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        var unknown = new List<Symbol>();
        foreach (var (number, symbol) in symbols.Index())
        {
            try
            {
                if (!await rest.HasTickerAsync(symbol, linkedCancellation.Token))
                {
                    unknown.Add(symbol);
                }
            }
            catch (Exception exception) when (exception is PolygonRestException or ArgumentException)
            {
                return new TickerFindings(unknown, symbols.Count - number, exception.Message);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new TickerFindings(
                    unknown, symbols.Count - number, $"The server did not respond within {timeout.TotalSeconds:0} s.");
            }
        }

        return new TickerFindings(unknown, 0, null);
    }
}
