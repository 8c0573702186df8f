using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.DbServer;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The server at {Server} does not accept ticks ({Reason}); the collector keeps them and sends them later")]
    public static partial void DbServerUnavailable(this ILogger logger, string server, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The server at {Server} has accepted no ticks for {Seconds:0} s ({Reason}). Check that it is running and reachable")]
    public static partial void DbServerStillUnavailable(this ILogger logger, string server, double seconds, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The server at {Server} accepts ticks again after {Seconds:0.0} s")]
    public static partial void DbServerAvailableAgain(this ILogger logger, string server, double seconds);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The server at {Server} permanently refused {Ticks} ticks of {Symbol} ({Reason}); they are kept in {File}. Further "
            + "refused ticks are kept and counted, but not logged")]
    public static partial void BatchRefused(this ILogger logger, string server, int ticks, Symbol symbol, string reason, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "A record cannot be read and was not sent: {Problem}")]
    public static partial void RecordUnreadable(this ILogger logger, string problem);
}
