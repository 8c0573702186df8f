namespace CloudTicks.EventHub.Connections;

internal static partial class Log
{
    [LoggerMessage(13, LogLevel.Error, "closed the connection of {Client} after a failure of ours")]
    public static partial void ConnectionFailed(this ILogger logger, string client, Exception exception);

    [LoggerMessage(
        44, LogLevel.Warning,
        "no more than {Connections} connections at a time, though {Wanted} are set: the system does not let this process have more files "
            + "open (ulimit -n), and some are kept for the log and the segments")]
    public static partial void FewConnections(this ILogger logger, int connections, int wanted);
}
