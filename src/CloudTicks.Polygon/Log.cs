using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to Polygon.io ({Market} at {Host})")]
    public static partial void Connected(this ILogger logger, string market, string host);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to Polygon.io ({Market} at {Host}) again, after {Seconds:0.0} s without ticks; what the feed sent meanwhile is missing")]
    public static partial void ConnectedAgain(this ILogger logger, string market, string host, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Polygon acknowledged all {Channels} channels of {Market}")]
    public static partial void Subscribed(this ILogger logger, string market, int channels);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Polygon did not acknowledge {Count} channels of {Market}, so they may send nothing; are the names right? {Channels}")]
    public static partial void NotAcknowledged(this ILogger logger, string market, int count, string channels);

    [LoggerMessage(Level = LogLevel.Error, Message = "Polygon reports an error on {Market}: {Text}. Check the symbols, and that the plan includes them")]
    public static partial void ServerError(this ILogger logger, string market, string text);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Polygon on {Market}: {Text}")]
    public static partial void ServerSays(this ILogger logger, string market, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Polygon sent a status on {Market} that is not known, {Status}: {Text}")]
    public static partial void UnknownStatus(this ILogger logger, string market, string status, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The session of {Market} ended ({Reason}): {Text}; no ticks come until it stands again, and the next attempt is in {Seconds:0.00} s")]
    public static partial void SessionEnded(this ILogger logger, string market, SessionEndReason reason, string text, double seconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "No session of {Market} ({Reason}): {Text}; the next attempt is in {Seconds:0.0} s")]
    public static partial void AttemptFailed(this ILogger logger, string market, SessionEndReason reason, string text, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Still no session of {Market} with {Host}: no ticks for {Seconds:0} s, {Attempts} attempts, the last: {Text}. Is the feed there, and the network?")]
    public static partial void StillNoSession(this ILogger logger, string market, string host, double seconds, int attempts, string text);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Sentence}")]
    public static partial void AuthenticationFailed(this ILogger logger, string sentence);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The close frame of {Market} could not be sent")]
    public static partial void CloseFailed(this ILogger logger, string market, Exception reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Polygon refused a request for {Endpoint} as too many, though no more than {PerSecond} a second are sent; it asks for {Seconds:0.#} s of rest{Text}. Lower Polygon:RateLimitPerSecond if this goes on")]
    public static partial void RateLimitViolated(this ILogger logger, string endpoint, int perSecond, double seconds, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence} Trying again in {Seconds:0.0} s")]
    public static partial void RequestRetried(this ILogger logger, double seconds, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rows of {Endpoint} are skipped as {Reason}, the first: {Row}")]
    public static partial void FirstRowRejected(this ILogger logger, string endpoint, string reason, string row);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} rows of {Endpoint} cannot be read and are skipped")]
    public static partial void RowsRejected(this ILogger logger, string endpoint, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This system has no time zones (package tzdata): the hours of markets follow the rules that New York keeps since 2007")]
    public static partial void NoTimeZones(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence} Until it can be asked, markets are taken to be open as in a usual week, or as was known last")]
    public static partial void HoursUnknown(this ILogger logger, string sentence);

    [LoggerMessage(Level = LogLevel.Information, Message = "The hours of markets are known again")]
    public static partial void HoursKnownAgain(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "The server's word on the markets differs from the calendar and is believed: stocks {Stocks}, currencies {Forex}, crypto {Crypto}")]
    public static partial void HoursOverruled(this ILogger logger, string stocks, string forex, string crypto);
}
