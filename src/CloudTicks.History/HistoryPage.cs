using System.Runtime.CompilerServices;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.History;

/// <summary>Ticks of a symbol by time: those of the lake, already read, then those of the table, streamed.</summary>
/// <param name="older">Ticks of the lake.</param>
/// <param name="newer">Ticks of the table; null for none. It is disposed of with this page.</param>
/// <param name="limit">The requested maximum.</param>
public sealed class HistoryPage(IReadOnlyList<MarketTick> older, TickPage? newer, int limit) : IAsyncDisposable
{
    /// <summary>The number of ticks so far.</summary>
    public int Count => older.Count + (newer?.Count ?? 0);

    /// <summary>The cursor of its last tick; null without ticks.</summary>
    public TickCursor? Last => newer?.Last
        ?? (older is [.., var last] ? new TickCursor(last.TimestampMs, last.Sequence ?? 0, last.Identity) : null);

    /// <summary>Whether the limit was reached, so that there may be more ticks.</summary>
    public bool IsFull => Count == limit;

    /// <summary>Reads the ticks by time, then by the feed's sequence number; callable once.</summary>
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

    /// <summary>Ends the reading.</summary>
    public ValueTask DisposeAsync() => newer?.DisposeAsync() ?? ValueTask.CompletedTask;
}
