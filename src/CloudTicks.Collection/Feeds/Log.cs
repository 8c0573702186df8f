using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Feeds;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The learnt limits of Polygon's connections cannot be read from or written to {Path}: {Reason}. The collector may have "
            + "to learn them again, which ends one session per limit. Check the disk and the permissions")]
    public static partial void LimitsFileUnusable(this ILogger logger, string path, string reason);
}
