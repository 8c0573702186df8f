using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Limits;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void LimitTooLow(this ILogger logger, string warning);
}
