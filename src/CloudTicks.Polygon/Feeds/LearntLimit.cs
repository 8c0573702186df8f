using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Feeds;

/// <summary>What the server showed of the connections that it allows to a market.</summary>
/// <param name="Connections">How many stood, at least 1.</param>
/// <param name="Configured">How many were allowed by the settings at that time; other settings are tried anew.</param>
/// <param name="At">When, UTC.</param>
public sealed record LearntLimit(int Connections, int Configured, DateTimeOffset At);

/// <summary>Keeps what was learnt, so that a restart does not try more connections than the server allows again.</summary>
public interface ILearntLimits
{
    /// <summary>What is known of a market.</summary>
    public LearntLimit? Read(Market market);

    /// <summary>Keeps what is known now. It does not throw: what cannot be kept is learnt again.</summary>
    /// <param name="limit">Null when the limit does not hold any more.</param>
    public void Write(Market market, LearntLimit? limit);
}

/// <summary>Keeps them as long as the process lives.</summary>
internal sealed class LimitsInMemory : ILearntLimits
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Market, LearntLimit?> _limits = new();

    public LearntLimit? Read(Market market) => _limits.GetValueOrDefault(market);

    public void Write(Market market, LearntLimit? limit) => _limits[market] = limit;
}
