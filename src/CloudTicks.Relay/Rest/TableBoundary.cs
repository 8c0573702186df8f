using CloudTicks.History;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Queries;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Rest;

/// <summary>
/// Determines the boundary: the time since which the table has every tick of the archive. The boundary is never before the table's oldest
/// chunk or before the retention window. The table has older ticks only if they were restored manually.
/// </summary>
internal sealed class TableBoundary(
    TableStart beginning, History.TableBoundary boundary, LakeCoverage lake, IOptions<TimescaleOptions> options, TimeProvider time)
{
    /// <summary>Returns the boundary, Unix ms, UTC; the current time if the table is empty.</summary>
    public async Task<long> ReadAsync(CancellationToken cancellationToken)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (lake.IsConfigured && await boundary.ReadAsync(cancellationToken) is var from and not History.TableBoundary.Empty)
        {
            return from;
        }

        var oldest = await beginning.ReadAsync(cancellationToken) ?? nowMs;
        return options.Value.RetentionWindow is { } window ? Math.Max(oldest, nowMs - (long)window.TotalMilliseconds) : oldest;
    }

    /// <summary>Throws if chunks that a read needed were dropped meanwhile.</summary>
    /// <param name="from">The boundary from which the table was read.</param>
    /// <exception cref="BusyException">The boundary has moved.</exception>
    public async Task CheckAsync(long from, CancellationToken cancellationToken)
    {
        if (lake.IsConfigured ? !await boundary.HasAllAsync(from, cancellationToken) : await beginning.ReadAsync(cancellationToken) > from)
        {
            throw new BusyException("The table's oldest ticks were dropped while they were being read: repeat the request.");
        }
    }
}
