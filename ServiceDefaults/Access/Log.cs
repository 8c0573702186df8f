using Microsoft.Extensions.Logging;

namespace ServiceDefaults.Access;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "A {Method} request to {Endpoint} was refused ({Reason}); further ones are only counted: {Detail}")]
    public static partial void FirstRefusal(this ILogger logger, string method, string endpoint, string reason, string detail);
}
