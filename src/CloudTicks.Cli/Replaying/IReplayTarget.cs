using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Cli.Replaying;

internal interface IReplayTarget : IAsyncDisposable
{
    public string Name { get; }

    /// <summary>Whether what was gathered must be handed on before another tick is added.</summary>
    public bool IsFull { get; }

    public bool TakesGaps { get; }

    /// <summary>Why it will not go on by itself: a sentence; null while it does.</summary>
    public string? Fault { get; }

    public IEnumerable<(string Name, long Number)> Results { get; }

    /// <summary>Makes sure that it is there and can take ticks.</summary>
    /// <exception cref="ReplayException">It is not.</exception>
    public Task OpenAsync(CancellationToken cancellationToken);

    public ValueTask AddGapAsync(FeedGap gap, CancellationToken cancellationToken);

    public void Add(scoped in Tick tick, TickSource source, ulong identity, int partition);

    /// <summary>Hands on what was gathered; <paramref name="all"/> where the next tick comes later, or none does.</summary>
    /// <exception cref="ReplayException">It cannot be handed on.</exception>
    public Task HandOnAsync(string? feed, bool all, CancellationToken cancellationToken);

    /// <summary>Returns when everything is where it should be.</summary>
    /// <exception cref="ReplayException">Not everything is.</exception>
    public Task CompleteAsync(CancellationToken cancellationToken);
}
