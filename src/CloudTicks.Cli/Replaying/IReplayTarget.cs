using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Cli.Replaying;

internal interface IReplayTarget : IAsyncDisposable
{
    public string Name { get; }

    /// <summary>Whether the buffer must be delivered before another tick is added.</summary>
    public bool IsFull { get; }

    public bool AcceptsGaps { get; }

    /// <summary>Why the target has stopped permanently; null while it works.</summary>
    public string? Fault { get; }

    public IEnumerable<(string Name, long Number)> Results { get; }

    /// <summary>Connects, and checks that the target accepts ticks.</summary>
    /// <exception cref="ReplayException">The target is not usable.</exception>
    public Task OpenAsync(CancellationToken cancellationToken);

    public ValueTask AddGapAsync(FeedGap gap, CancellationToken cancellationToken);

    public void Add(scoped in Tick tick, TickSource source, ulong identity, int partition);

    /// <summary>Delivers the buffered ticks.</summary>
    /// <param name="all">Whether to deliver a buffer that is not full, because the next tick is not due yet or no tick follows.</param>
    /// <exception cref="ReplayException">The ticks cannot be delivered.</exception>
    public Task DeliverAsync(string? feed, bool all, CancellationToken cancellationToken);

    /// <summary>Waits until every tick is confirmed.</summary>
    /// <exception cref="ReplayException">Some ticks were not confirmed.</exception>
    public Task CompleteAsync(CancellationToken cancellationToken);
}
