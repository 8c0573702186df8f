using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Feeds;

/// <summary>The connections in use, within settings and the server's limit, which is trusted for an hour. Not thread-safe.</summary>
internal sealed class SlotPool(Market market, ILearntLimits limits, SessionTimings timings, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<int, DateTimeOffset> _cooling = [];
    private readonly string _market = market.Path();
    private IReadOnlyList<int> _slots = [];
    private LearntLimit? _limit;

    /// <summary>The connections that the server allows, as far as it has shown.</summary>
    public int? Limit => _limit?.Connections;

    /// <summary>When one more connection is tried; null when the server has shown no limit.</summary>
    public DateTimeOffset? TryAgainAt => _limit?.At + timings.LimitHolds;

    /// <summary>Reads what an earlier run learnt.</summary>
    public void Load() => _limit = limits.Read(market);

    /// <param name="shared"> Whether several collectors share them: then all must come to the same answer, what one of them learnt does not
    /// count, and all that are allowed are used. </param>
    public IReadOnlyList<int> Choose(int symbols, PolygonOptions options, bool shared)
    {
        var most = options.EffectiveMaxConnections;
        if (shared)
        {
            _slots = [.. Enumerable.Range(0, Math.Min(symbols, most))];
            return _slots;
        }

        var now = time.GetUtcNow();
        if (_limit is { } limit && (limit.Configured != most || now >= TryAgainAt))
        {
            logger.LimitTriedAnew(_market, most);
            _limit = null;
            limits.Write(market, null);
        }

        var count = symbols == 0
            ? 0
            : ConnectionPlan.SlotsFor(symbols, options.SymbolsPerConnection, Math.Min(most, _limit?.Connections ?? most));
        // Those in use stay in use, and one that the server has just ended comes last.
        _slots = [.. Enumerable.Range(0, most)
            .OrderBy(slot => _cooling.TryGetValue(slot, out var until) && until > now).ThenBy(slot => !_slots.Contains(slot))
                .ThenBy(slot => slot)
            .Take(count).Order()];
        return _slots;
    }

    /// <summary>The server allows fewer connections than there are.</summary>
    /// <returns>False when there is but one, which cannot be given up.</returns>
    public bool Shrink(int slot, PolygonOptions options)
    {
        if (_slots.Count <= 1)
        {
            return false;
        }

        var now = time.GetUtcNow();
        _cooling[slot] = now + timings.Cooldown;
        if (_slots.Contains(slot))
        {
            _limit = new LearntLimit(_slots.Count - 1, options.EffectiveMaxConnections, now);
            _slots = [.. _slots.Where(other => other != slot)];
            limits.Write(market, _limit);
        }

        return true;
    }
}
