namespace CloudTicks.EventHub.Connections;

internal static partial class Log
{
    [LoggerMessage(13, LogLevel.Error, "the connection of {Client} was closed after an internal error")]
    public static partial void ConnectionFailed(this ILogger logger, string client, Exception exception);

    [LoggerMessage(
        44, LogLevel.Warning,
        "at most {Connections} connections are accepted instead of {Configured}: the system limits the open files of this process "
            + "(ulimit -n), and some are reserved for the log and the segments. Raise the limit")]
    public static partial void ConnectionsReduced(this ILogger logger, int connections, int configured);
}
