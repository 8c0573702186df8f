using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Redis;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Ticks are not published on Redis at {Server} ({Problem}); the collector still delivers them to its destination")]
    public static partial void RedisUnavailable(this ILogger logger, string server, string problem);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Redis at {Server} has not accepted all ticks for {Seconds:0} s ({Problem}); {Ticks} ticks were not published there. "
            + "Check that Redis is running and reachable")]
    public static partial void RedisStillUnavailable(this ILogger logger, string server, double seconds, string problem, long ticks);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Redis at {Server} accepts ticks again after {Seconds:0.0} s, in which {Ticks} ticks were not published there")]
    public static partial void RedisAvailableAgain(this ILogger logger, string server, double seconds, long ticks);
}
