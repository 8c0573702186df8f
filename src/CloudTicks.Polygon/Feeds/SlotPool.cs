using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Feeds;

/// <summary>
/// Chooses the connections to use within the settings and the server's learnt limit, which expires after an hour. Not thread-safe.
/// </summary>
internal sealed class SlotPool(Market market, ILearntLimits limits, SessionTimings timings, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<int, DateTimeOffset> _coolingUntil = [];
    private readonly string _marketPath = market.Path();
    private IReadOnlyList<int> _slots = [];
    private LearntLimit? _limit;

    /// <summary>The learnt limit of connections; null when none is known.</summary>
    public int? Limit => _limit?.Connections;

    /// <summary>The time at which a further connection is tried; null when no limit is known.</summary>
    public DateTimeOffset? RetryAt => _limit?.At + timings.LimitLifetime;

    /// <summary>Reads the limit that an earlier run learnt.</summary>
    public void Load() => _limit = limits.Read(market);

    /// <param name="shared">
    /// Whether several collectors share the connections. Every collector must then choose the same connections, so the learnt limit is
    /// ignored, and all connections that the settings allow are used, at most one per symbol.
    /// </param>
    public IReadOnlyList<int> Choose(int symbolCount, PolygonOptions options, bool shared)
    {
        var max = options.EffectiveMaxConnections;
        if (shared)
        {
            _slots = [.. Enumerable.Range(0, Math.Min(symbolCount, max))];
            return _slots;
        }

        var now = time.GetUtcNow();
        if (_limit is { } limit && (limit.Configured != max || now >= RetryAt))
        {
            logger.LimitTestedAgain(_marketPath, max);
            _limit = null;
            limits.Write(market, null);
        }

        var count = symbolCount == 0
            ? 0
            : ConnectionPlan.SlotsFor(symbolCount, options.SymbolsPerConnection, Math.Min(max, _limit?.Connections ?? max));
        // Prefer connections in use. A connection that the server ended recently is used last.
        _slots = [.. Enumerable.Range(0, max)
            .OrderBy(slot => _coolingUntil.TryGetValue(slot, out var until) && until > now).ThenBy(slot => !_slots.Contains(slot))
                .ThenBy(slot => slot)
            .Take(count).Order()];
        return _slots;
    }

    /// <summary>Gives up a connection, because the server allows fewer of them.</summary>
    /// <returns>False for the only connection, which is kept.</returns>
    public bool Shrink(int slot, PolygonOptions options)
    {
        if (_slots.Count <= 1)
        {
            return false;
        }

        var now = time.GetUtcNow();
        _coolingUntil[slot] = now + timings.Cooldown;
        if (_slots.Contains(slot))
        {
            _limit = new LearntLimit(_slots.Count - 1, options.EffectiveMaxConnections, now);
            _slots = [.. _slots.Where(other => other != slot)];
            limits.Write(market, _limit);
        }

        return true;
    }
}
