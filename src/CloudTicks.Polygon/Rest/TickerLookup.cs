using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Rest;

/// <summary>Looks symbols up in the reference data, one after another, within a time: what cannot be told is no obstacle.</summary>
public static class TickerLookup
{
    /// <summary>Looks them up.</summary>
    /// <param name="patience">How long all of it may take.</param>
    public static async Task<TickerFindings> FindAsync(
        PolygonRestClient rest, IReadOnlyList<Symbol> symbols, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var unknown = new List<Symbol>();
        foreach (var (number, symbol) in symbols.Index())
        {
            try
            {
                if (!await rest.HasTickerAsync(symbol, either.Token))
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
                return new TickerFindings(unknown, symbols.Count - number, $"There was no answer within {patience.TotalSeconds:0} s.");
            }
        }

        return new TickerFindings(unknown, 0, null);
    }
}
