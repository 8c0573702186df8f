using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to Polygon.io ({Market} at {Host})")]
    public static partial void Connected(this ILogger logger, string market, string host);

    [LoggerMessage(Level = LogLevel.Information, Message = "Polygon acknowledged all {Channels} channels of {Market}")]
    public static partial void Subscribed(this ILogger logger, string market, int channels);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Polygon did not acknowledge {Count} channels of {Market}, so they may send nothing; are the names right? {Channels}")]
    public static partial void NotAcknowledged(this ILogger logger, string market, int count, string channels);

    [LoggerMessage(Level = LogLevel.Error, Message = "Polygon reports an error on {Market}: {Text}")]
    public static partial void ServerError(this ILogger logger, string market, string text);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Polygon on {Market}: {Text}")]
    public static partial void ServerSays(this ILogger logger, string market, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Polygon sent a status on {Market} that is not known, {Status}: {Text}")]
    public static partial void UnknownStatus(this ILogger logger, string market, string status, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The session of {Market} ended ({Reason}): {Text}; the next attempt is in {Seconds:0.00} s")]
    public static partial void SessionEnded(this ILogger logger, string market, SessionEndReason reason, string text, double seconds);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Sentence}")]
    public static partial void AuthenticationFailed(this ILogger logger, string sentence);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The close frame of {Market} could not be sent")]
    public static partial void CloseFailed(this ILogger logger, string market, Exception reason);
}
