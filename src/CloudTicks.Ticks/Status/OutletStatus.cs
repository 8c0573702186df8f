namespace CloudTicks.Ticks.Status;

/// <summary>Where the records go.</summary>
/// <param name="Name">The event hub or the server, without secrets.</param>
/// <param name="RefusedTicks">Ticks that the server refused for good, which are kept in a file; null for an event hub.</param>
/// <param name="Redis">What went to Redis too; null when it is not used.</param>
public sealed record OutletStatus(string Name, long? RefusedTicks, RedisStatus? Redis);

/// <summary>What went to Redis since the start.</summary>
/// <param name="Dropped">Ticks that were not published, because it was away or too slow.</param>
public sealed record RedisStatus(long Published, long Dropped);
