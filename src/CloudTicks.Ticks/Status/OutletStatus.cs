namespace CloudTicks.Ticks.Status;

/// <summary>Where the records are sent.</summary>
/// <param name="Name">The event hub or the server, without secrets.</param>
/// <param name="RefusedTicks">Ticks that the server refused permanently, which are stored in a file; null for an event hub.</param>
/// <param name="Redis">What was also published to Redis; null when it is not used.</param>
public sealed record OutletStatus(string Name, long? RefusedTicks, RedisStatus? Redis);

/// <summary>Ticks for Redis since the start.</summary>
/// <param name="Dropped">Ticks not published because Redis was unavailable or too slow.</param>
public sealed record RedisStatus(long Published, long Dropped);
