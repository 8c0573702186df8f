using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Feeds;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The learnt limit of Polygon's connections cannot be stored in {Path}: {Reason}. A restart learns it again at the cost "
            + "of a session. Check the disk and the permissions")]
    public static partial void LimitsNotStored(this ILogger logger, string path, string reason);
}
