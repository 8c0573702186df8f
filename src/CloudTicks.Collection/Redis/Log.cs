using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Redis;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Redis at {Server} takes no ticks ({Problem}); they are not published there, and go on to the archive as ever")]
    public static partial void RedisAway(this ILogger logger, string server, string problem);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Redis at {Server} has taken no ticks, or not all, for {Seconds:0} s ({Problem}); {Ticks} were not published there. Is "
            + "it running, and reachable?")]
    public static partial void RedisStillAway(this ILogger logger, string server, double seconds, string problem, long ticks);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Redis at {Server} takes ticks again, after {Seconds:0.0} s in which {Ticks} were not published there")]
    public static partial void RedisBack(this ILogger logger, string server, double seconds, long ticks);
}
