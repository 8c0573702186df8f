using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The changed settings are refused, the previous ones stay in force: {Sentence}")]
    public static partial void SettingsRefused(this ILogger logger, string sentence);
}
