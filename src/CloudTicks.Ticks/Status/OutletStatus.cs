namespace CloudTicks.Ticks.Status;

/// <summary>The destination of the records.</summary>
/// <param name="Name">The event hub or the server, without secrets.</param>
/// <param name="RefusedTicks">Ticks that the server refused permanently, which are stored in a file; null for an event hub.</param>
/// <param name="Redis">The ticks that were also published to Redis; null if Redis is not used.</param>
public sealed record OutletStatus(string Name, long? RefusedTicks, RedisStatus? Redis);

/// <summary>The numbers of ticks published to Redis, and dropped, since the start.</summary>
/// <param name="Dropped">Ticks not published because Redis was unavailable or too slow.</param>
public sealed record RedisStatus(long Published, long Dropped);
