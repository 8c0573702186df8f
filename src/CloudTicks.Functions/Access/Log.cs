using CloudTicks.CentralHub.Access;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Access;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Debug, "{Caller} may do this as {Role}")]
    public static partial void LetThrough(this ILogger logger, string caller, AccessRole role);
}
