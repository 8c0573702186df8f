using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Error, Message = "The changed settings are refused, and the previous settings remain in use: {Sentence}")]
    public static partial void SettingsRefused(this ILogger logger, string sentence);
}
