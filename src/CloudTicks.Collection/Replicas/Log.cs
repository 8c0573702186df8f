using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Replicas;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "One of the collectors of group {Group}, as {Instance}; they share {Connections} connections to each market")]
    public static partial void InGroup(this ILogger logger, string group, string instance, int connections);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Instance} has {Connections} of the connections of group {Group} now, with {Channels} channels")]
    public static partial void HoldsConnections(this ILogger logger, string instance, int connections, string group, int channels);

    [LoggerMessage(Level = LogLevel.Error, Message = "Group {Group}: {Problem}")]
    public static partial void GroupProblem(this ILogger logger, string group, string problem);
}
