using CloudTicks.Timescale.Storing;
using Npgsql;

namespace CloudTicks.Timescale.Retention;

/// <summary>
/// The cutoff of retention or compression: a period before the earliest of three clocks, so that a wrong clock or a stopped feed makes no
/// chunk due early.
/// </summary>
/// <param name="Ms">Chunks that end at or before this time are due, Unix ms, UTC.</param>
internal readonly record struct TableCutoff(long Ms, CutoffClock Clock, long NewestMs)
{
    /// <returns>The cutoff; null when the table is empty.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public static async Task<TableCutoff?> ReadAsync(
        NpgsqlConnection connection, TimeSpan window, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await NewestTickQuery.ReadAsync(connection, cancellationToken) is not { } newest)
        {
            return null;
        }

        await using var command = new NpgsqlCommand("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint", connection);
        var now = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        (long Ms, CutoffClock Clock) earliest = new[]
        {
            (Ms: time.GetUtcNow().ToUnixTimeMilliseconds(), CutoffClock.Own),
            (Ms: now, CutoffClock.Database),
            (Ms: newest, CutoffClock.NewestTick),
        }.MinBy(clock => clock.Ms);
        return new TableCutoff(earliest.Ms - (long)window.TotalMilliseconds, earliest.Clock, newest);
    }
}
