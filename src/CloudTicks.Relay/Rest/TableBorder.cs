using CloudTicks.History;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Queries;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Rest;

/// <summary>
/// The time from which the table has every tick of the archive. This time is not before the table's oldest chunk, and not before its
/// retention window; before that window the table has only ticks that were restored manually.
/// </summary>
internal sealed class TableBorder(
    TableStart beginning, History.TableBorder border, LakeCoverage lake, IOptions<TimescaleOptions> options, TimeProvider time)
{
    /// <summary>Returns the border in Unix ms, UTC; the current time if the table is empty.</summary>
    public async Task<long> ReadAsync(CancellationToken cancellationToken)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (lake.IsConfigured && await border.ReadAsync(cancellationToken) is var from and not History.TableBorder.Empty)
        {
            return from;
        }

        var oldest = await beginning.ReadAsync(cancellationToken) ?? nowMs;
        return options.Value.RetentionWindow is { } window ? Math.Max(oldest, nowMs - (long)window.TotalMilliseconds) : oldest;
    }

    /// <summary>Fails if chunks were dropped that a read needed.</summary>
    /// <param name="from">The border from which the table was read.</param>
    /// <exception cref="BusyException">It has moved.</exception>
    public async Task CheckAsync(long from, CancellationToken cancellationToken)
    {
        if (lake.IsConfigured ? !await border.HoldsAsync(from, cancellationToken) : await beginning.ReadAsync(cancellationToken) > from)
        {
            throw new BusyException("The table's oldest ticks were dropped while they were read: repeat the request.");
        }
    }
}
