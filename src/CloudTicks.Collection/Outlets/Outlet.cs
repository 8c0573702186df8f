using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Redis;
using CloudTicks.EventStream.Pacing;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Collection.Outlets;

internal sealed class Outlet : IAsyncDisposable
{
    public required string Name { get; init; }

    public required IRecordSink Sink { get; init; }

    /// <summary>Partitions of the archive, or what stands for them.</summary>
    public required int Partitions { get; init; }

    /// <summary>How long a tick waits for company, where nothing is set; null to go by the batcher's clock.</summary>
    public TimeSpan? Linger { get; init; }

    /// <summary>Adapts that wait where records are metered; null where they are not.</summary>
    public AdaptiveLinger? Pace { get; init; }

    /// <summary>The folder of the spool: what waits for one outlet does not go to another.</summary>
    public required string Spool { get; init; }

    /// <summary>Takes elements that were refused, with the name of the reason; null when they go to the sink like records.</summary>
    public Func<ReadOnlyMemory<byte>, string, Task>? WriteDeadLetterAsync { get; init; }

    /// <summary>Ticks that were refused for good and are kept in a file; null where that does not happen.</summary>
    public Func<long>? RefusedTicks { get; init; }

    /// <summary>Publishes each record's ticks beside the way to the sink; null when Redis is not used.</summary>
    public RedisOutlet? Redis { get; init; }

    /// <summary>Does what the first record would wait for; null where there is nothing to do ahead.</summary>
    public Func<CancellationToken, Task>? PrepareAsync { get; init; }

    public IAsyncDisposable? Owned { get; init; }

    public OutletStatus GetStatus() => new(Name, RefusedTicks?.Invoke(), Redis?.GetStatus());

    public ValueTask DisposeAsync() => Owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}
