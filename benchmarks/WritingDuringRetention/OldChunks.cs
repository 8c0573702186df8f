using CloudTicks.Benchmarks.Writing;
using static System.FormattableString;

namespace CloudTicks.Benchmarks.WritingDuringRetention;

/// <summary>Chunks of one hour each, full of ticks, that are past the retention window.</summary>
/// <param name="Count">The number of chunks.</param>
/// <param name="Rows">The number of ticks in each chunk.</param>
internal sealed record OldChunks(int Count, int Rows)
{
    private const long HourMs = 3_600_000;

    /// <summary>The end of the youngest chunk, Unix ms: a day before the retention window of the ticks being written.</summary>
    public long EndMs { get; } = (TimeProvider.System.GetUtcNow() - Window - TimeSpan.FromDays(1))
        .ToUnixTimeMilliseconds() / HourMs * HourMs;

    public static TimeSpan Window => TimeSpan.FromDays(3);

    /// <summary>The time at which a number of the chunks are due for dropping.</summary>
    public DateTimeOffset DueAt(int chunks) =>
        DateTimeOffset.FromUnixTimeMilliseconds(EndMs - ((Count - Math.Min(chunks, Count)) * HourMs)) + Window;

    /// <summary>
    /// Drops all newer chunks, creates missing old ones, and completes a checkpoint of PostgreSQL, so that no pass pays for the
    /// previous one.
    /// </summary>
    public async Task RestoreAsync(BenchmarkDatabase database, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(Invariant($"SELECT drop_chunks('market_ticks', newer_than => {EndMs}::bigint)"), cancellationToken);
        for (var chunk = 1; chunk <= Count; chunk++)
        {
            var from = EndMs - (chunk * HourMs);
            await database.ExecuteAsync(
                Invariant($"""
                INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, bid, ask, tick_hash, received_ms)
                SELECT 'EURUSD', {from} + row::bigint * {HourMs} / {Rows}, 'forex', 'quote', 'live', 1.1, 1.2, row, {from}
                FROM generate_series(0, {Rows - 1}) AS row WHERE NOT EXISTS (SELECT FROM market_ticks WHERE timestamp_ms = {from})
                """),
                cancellationToken);
        }

        await database.ExecuteAsync("CHECKPOINT", cancellationToken);
    }
}
