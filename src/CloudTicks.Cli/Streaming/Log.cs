using Microsoft.Extensions.Logging;

namespace CloudTicks.Cli.Streaming;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Status}")]
    public static partial void Status(this ILogger logger, string status);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The stream ends: {Refusal}")]
    public static partial void Refused(this ILogger logger, string refusal);
}
