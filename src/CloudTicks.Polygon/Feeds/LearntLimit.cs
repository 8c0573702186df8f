using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Feeds;

/// <summary>The number of connections that the server allows for a market, as learnt from a refusal.</summary>
/// <param name="Connections">The number of connections that remained open, at least 1.</param>
/// <param name="Configured">The configured maximum at that time. The limit is obsolete when the maximum is changed.</param>
/// <param name="At">When the limit was learnt, UTC.</param>
public sealed record LearntLimit(int Connections, int Configured, DateTimeOffset At);

/// <summary>Stores learnt limits, so that a restart does not open more connections than the server allows.</summary>
public interface ILearntLimits
{
    /// <summary>Reads the limit of a market; null when none is known.</summary>
    public LearntLimit? Read(Market market);

    /// <summary>Stores a limit. Must not throw: a limit that is not stored is learnt again.</summary>
    /// <param name="limit">The limit; null to remove it.</param>
    public void Write(Market market, LearntLimit? limit);
}

/// <summary>Keeps learnt limits in memory.</summary>
internal sealed class LimitsInMemory : ILearntLimits
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Market, LearntLimit?> _limits = new();

    public LearntLimit? Read(Market market) => _limits.GetValueOrDefault(market);

    public void Write(Market market, LearntLimit? limit) => _limits[market] = limit;
}
