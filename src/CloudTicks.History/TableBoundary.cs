using CloudTicks.Timescale;
using CloudTicks.Timescale.Queries;
using Microsoft.Extensions.Options;

namespace CloudTicks.History;

/// <summary>
/// Determines the boundary between lake and table: the earliest time since which the table has every tick. The boundary is after all
/// dropped chunks, and within the retention window, because late ticks outside the window are not stored.
/// </summary>
/// <param name="options">Must have the same retention window as the functions.</param>
public sealed class TableBoundary(TableStart tableStart, IOptionsMonitor<TimescaleOptions> options, TimeProvider time)
{
    /// <summary>The boundary of an empty table: after every tick.</summary>
    public const long Empty = long.MaxValue;

    private const long MsPerHour = 3_600_000;

    /// <summary>Reads the boundary, which moves only when chunks are dropped, or by whole hours.</summary>
    /// <returns>Unix ms, UTC; <see cref="Empty"/> for an empty table.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async Task<long> ReadAsync(CancellationToken cancellationToken)
    {
        if (await tableStart.ReadCompleteSinceAsync(cancellationToken) is not { } oldest)
        {
            return Empty;
        }

        var window = options.CurrentValue.RetentionWindow is { } kept
            ? time.GetUtcNow().ToUnixTimeMilliseconds() - (long)kept.TotalMilliseconds : long.MinValue;
        return window > oldest ? (window + MsPerHour - 1) / MsPerHour * MsPerHour : oldest;
    }

    /// <summary>Whether the table still has every tick since a boundary. Callers check this after reading the table.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async Task<bool> HasAllAsync(long boundary, CancellationToken cancellationToken) =>
        boundary == Empty || await tableStart.ReadCompleteSinceAsync(cancellationToken) <= boundary;
}
