using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Retaining;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{Caller} ran retention, which dropped {Chunks} chunks")]
    public static partial void RetentionRequested(this ILogger logger, string caller, int chunks);

    [LoggerMessage(LogLevel.Information, "Retention did not run: {Problem}")]
    public static partial void RetentionAlreadyRunning(this ILogger logger, string problem);
}
