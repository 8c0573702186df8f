using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The changed settings cannot be used, so that those before stay in force: {Sentence}")]
    public static partial void SettingsRefused(this ILogger logger, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A {Method} of {Endpoint} was refused ({Reason}), further ones are only counted: {Detail}")]
    public static partial void FirstRefusal(this ILogger logger, string method, string endpoint, string reason, string detail);
}
