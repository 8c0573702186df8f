using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Feeds;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "What was learnt of the connections that Polygon allows cannot be kept in {Path}: {Reason}. A restart learns it again, "
            + "and loses a session by it")]
    public static partial void LimitsNotKept(this ILogger logger, string path, string reason);
}
