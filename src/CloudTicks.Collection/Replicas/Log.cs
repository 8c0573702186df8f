using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Replicas;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The collector joined group {Group} as {Instance}; the group shares {Connections} connections to each market")]
    public static partial void InGroup(this ILogger logger, string group, string instance, int connections);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Instance} now holds {Connections} connections of group {Group} with {Channels} channels")]
    public static partial void HoldsConnections(this ILogger logger, string instance, int connections, string group, int channels);

    [LoggerMessage(Level = LogLevel.Error, Message = "Group {Group} has a problem: {Problem}")]
    public static partial void GroupProblem(this ILogger logger, string group, string problem);
}
