using System.Runtime.CompilerServices;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.History;

/// <summary>A page of a symbol's ticks in time order: the lake's ticks, read in advance, then the table's, streamed.</summary>
/// <param name="older">Ticks of the lake.</param>
/// <param name="newer">The table's page, disposed of with this page; null for none.</param>
/// <param name="limit">The requested maximum number of ticks.</param>
public sealed class HistoryPage(IReadOnlyList<MarketTick> older, TickPage? newer, int limit) : IAsyncDisposable
{
    /// <summary>The number of ticks of the page.</summary>
    public int Count => older.Count + (newer?.Count ?? 0);

    /// <summary>The cursor of the last tick; null for an empty page.</summary>
    public TickCursor? Last => newer?.Last
        ?? (older is [.., var last] ? new TickCursor(last.TimestampMs, last.Sequence ?? 0, last.Identity) : null);

    /// <summary>Whether the limit was reached, so that there may be more ticks.</summary>
    public bool IsFull => Count == limit;

    /// <summary>Reads the ticks, ordered by time and then by the feed's sequence number. It can be called only once.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async IAsyncEnumerable<MarketTick> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var tick in older)
        {
            yield return tick;
        }

        if (newer is null)
        {
            yield break;
        }

        await foreach (var tick in newer.ReadAsync(cancellationToken))
        {
            yield return tick;
        }
    }

    /// <summary>Closes the table's page.</summary>
    public ValueTask DisposeAsync() => newer?.DisposeAsync() ?? ValueTask.CompletedTask;
}
