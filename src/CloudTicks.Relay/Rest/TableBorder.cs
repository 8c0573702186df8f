using CloudTicks.Timescale;
using CloudTicks.Timescale.Queries;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Rest;

/// <summary>
/// Where the table begins to have every tick of the archive: not before its oldest chunk, and not before its retention window, outside of
/// which it has what was put back into it and nothing else.
/// </summary>
internal sealed class TableBorder(TableBeginning beginning, IOptions<TimescaleOptions> options, TimeProvider time)
{
    /// <summary>Unix ms, UTC; now for an empty table.</summary>
    public async Task<long> ReadAsync(CancellationToken cancellationToken)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var oldest = await beginning.ReadAsync(cancellationToken) ?? nowMs;
        return options.Value.RetentionWindow is { } window ? Math.Max(oldest, nowMs - (long)window.TotalMilliseconds) : oldest;
    }

    /// <summary>Fails when chunks were dropped that a reading needed.</summary>
    /// <param name="border">The border from which the table was read.</param>
    /// <exception cref="BusyException">It has moved.</exception>
    public async Task CheckAsync(long border, CancellationToken cancellationToken)
    {
        if (await beginning.ReadAsync(cancellationToken) > border)
        {
            throw new BusyException("The table's oldest ticks were dropped while they were read: repeat the request.");
        }
    }
}
