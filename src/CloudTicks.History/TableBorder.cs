using CloudTicks.Timescale;
using CloudTicks.Timescale.Queries;
using Microsoft.Extensions.Options;

namespace CloudTicks.History;

/// <summary>
/// Determines the border: the earliest time since which the table has every tick. It is after all dropped chunks, and within the retention
/// window, because late ticks outside the window are not stored.
/// </summary>
/// <param name="options">Must have the same retention window as the functions.</param>
public sealed class TableBorder(TableStart tableStart, IOptionsMonitor<TimescaleOptions> options, TimeProvider time)
{
    /// <summary>The border of an empty table: after every tick.</summary>
    public const long Empty = long.MaxValue;

    private const long MsPerHour = 3_600_000;

    /// <summary>Reads the border. It changes only with dropped chunks, or by whole hours.</summary>
    /// <returns>Unix ms, UTC; <see cref="Empty"/> for an empty table.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async Task<long> ReadAsync(CancellationToken cancellationToken)
    {
        if (await tableStart.ReadCompleteAsync(cancellationToken) is not { } oldest)
        {
            return Empty;
        }

        var window = options.CurrentValue.RetentionWindow is { } kept
            ? time.GetUtcNow().ToUnixTimeMilliseconds() - (long)kept.TotalMilliseconds : long.MinValue;
        return window > oldest ? (window + MsPerHour - 1) / MsPerHour * MsPerHour : oldest;
    }

    /// <summary>Whether the table still has every tick since a border. Check it after reading the table.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async Task<bool> HoldsAsync(long border, CancellationToken cancellationToken) =>
        border == Empty || await tableStart.ReadCompleteAsync(cancellationToken) <= border;
}
