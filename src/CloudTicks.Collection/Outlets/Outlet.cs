using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Redis;
using CloudTicks.EventStream.Pacing;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Collection.Outlets;

internal sealed class Outlet : IAsyncDisposable
{
    public required string Name { get; init; }

    public required IRecordSink Sink { get; init; }

    /// <summary>The partition count of the archive, or the count that is used instead when an HTTP server receives the ticks.</summary>
    public required int Partitions { get; init; }

    /// <summary>How long a tick waits for other ticks to share its record; null for the batcher's round interval.</summary>
    public TimeSpan? Linger { get; init; }

    /// <summary>Adapts the linger to an event hub that meters records; null for any other destination.</summary>
    public AdaptiveLinger? Pace { get; init; }

    /// <summary>The folder of this outlet's spool.</summary>
    public required string Spool { get; init; }

    /// <summary>Writes a rejected element with its reason; null when rejected elements go to the sink like records.</summary>
    public Func<ReadOnlyMemory<byte>, string, Task>? WriteDeadLetterAsync { get; init; }

    /// <summary>
    /// Returns the number of permanently refused ticks, which are kept in a file; null for the event hub, whose refusal stops the
    /// collector.
    /// </summary>
    public Func<long>? RefusedTicks { get; init; }

    /// <summary>Also publishes each record's ticks on Redis; null when Redis is not used.</summary>
    public RedisOutlet? Redis { get; init; }

    /// <summary>Connects before the first record is sent; null when there is nothing to prepare.</summary>
    public Func<CancellationToken, Task>? PrepareAsync { get; init; }

    public IAsyncDisposable? Owned { get; init; }

    public OutletStatus GetStatus() => new(Name, RefusedTicks?.Invoke(), Redis?.GetStatus());

    public ValueTask DisposeAsync() => Owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}
