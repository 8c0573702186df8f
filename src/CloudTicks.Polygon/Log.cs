using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to Polygon.io ({Market} at {Host})")]
    public static partial void Connected(this ILogger logger, string market, string host);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Connected to Polygon.io ({Market} at {Host}) again, after {Seconds:0.0} s without ticks; what the feed sent meanwhile "
            + "is missing")]
    public static partial void ConnectedAgain(this ILogger logger, string market, string host, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Polygon acknowledged all {Channels} channels of {Market}")]
    public static partial void Subscribed(this ILogger logger, string market, int channels);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon did not acknowledge {Count} channels of {Market} though asked several times, so they may send nothing; are "
            + "the names right? They are requested again, ever more rarely: {Channels}")]
    public static partial void NotAcknowledged(this ILogger logger, string market, int count, string channels);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Polygon reports an error on {Market}: {Text}. Check the symbols, and that the plan includes them")]
    public static partial void ServerError(this ILogger logger, string market, string text);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Polygon on {Market}: {Text}")]
    public static partial void ServerSays(this ILogger logger, string market, string text);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon sent a status on {Market} that is not known and changes nothing here: {Status}. Where ticks stop after it, "
            + "its words tell why")]
    public static partial void UnknownStatus(this ILogger logger, string market, string status);

    [LoggerMessage(
        Level = LogLevel.Debug, Message = "The server of {Market} sent no greeting within {Seconds:0.#} s; the key is sent without one")]
    public static partial void NotGreeted(this ILogger logger, string market, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The session of {Market} ended ({Reason}): {Text}; no ticks come until it stands again, and the next attempt is in "
            + "{Seconds:0.00} s")]
    public static partial void SessionEnded(this ILogger logger, string market, SessionEndReason reason, string text, double seconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "No session of {Market} ({Reason}): {Text}; the next attempt is in {Seconds:0.0} s")]
    public static partial void AttemptFailed(this ILogger logger, string market, SessionEndReason reason, string text, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Still no session of {Market}: no ticks for {Seconds:0} s, {Attempts} attempts, the last: {Text}. Is the feed there, "
            + "and the network?")]
    public static partial void StillNoSession(this ILogger logger, string market, double seconds, int attempts, string text);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Sentence}")]
    public static partial void AuthenticationFailed(this ILogger logger, string sentence);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The close frame of {Market} could not be sent")]
    public static partial void CloseFailed(this ILogger logger, string market, Exception reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon refused a request for {Endpoint} as too many, though no more than {PerSecond} a second are sent; it asks for "
            + "{Seconds:0.#} s of rest{Text}. Lower Polygon:RateLimitPerSecond if this goes on")]
    public static partial void RateLimitViolated(this ILogger logger, string endpoint, int perSecond, double seconds, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence} Trying again in {Seconds:0.0} s")]
    public static partial void RequestRetried(this ILogger logger, double seconds, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rows of {Endpoint} are skipped as {Reason}, the first: {Row}")]
    public static partial void FirstRowRejected(this ILogger logger, string endpoint, string reason, string row);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} rows of {Endpoint} cannot be read and are skipped")]
    public static partial void RowsRejected(this ILogger logger, string endpoint, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "This system has no time zones (package tzdata): the hours of markets follow the rules that New York keeps since 2007")]
    public static partial void NoTimeZones(this ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Sentence} Until it can be asked, markets are taken to be open as in a usual week, or as was known last")]
    public static partial void HoursUnknown(this ILogger logger, string sentence);

    [LoggerMessage(Level = LogLevel.Information, Message = "The hours of markets are known again")]
    public static partial void HoursKnownAgain(this ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The server's word on the markets differs from the calendar and is believed: stocks {Stocks}, currencies {Forex}, "
            + "crypto {Crypto}")]
    public static partial void HoursOverruled(this ILogger logger, string stocks, string forex, string crypto);

    [LoggerMessage(Level = LogLevel.Information, Message = "Polygon acknowledged {Channel} on {Market} after all")]
    public static partial void AcknowledgedAfterAll(this ILogger logger, string market, FeedChannel channel);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon ended the subscription of {Channel} on {Market} by itself. It is requested again; what is missed is a gap")]
    public static partial void ChannelTakenBack(this ILogger logger, string market, FeedChannel channel);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon refused {Channel} on {Market}: {Text}. It is not collected, and is requested again rarely; does the plan "
            + "include it?")]
    public static partial void ChannelRefused(this ILogger logger, string market, FeedChannel channel, string text);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Polygon refused {Channel} on {Market} as well: {Text}")]
    public static partial void AnotherChannelRefused(this ILogger logger, string market, FeedChannel channel, string text);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon takes no more than {Held} channels on the connection of {Market}; {Others} others wait for room: {Text}. "
            + "Collect fewer symbols, or allow more connections (Polygon:MaxConnections)")]
    public static partial void SubscriptionLimit(this ILogger logger, string market, int held, int others, string text);

    [LoggerMessage(Level = LogLevel.Debug, Message = "To {Market}: {Message}")]
    public static partial void Saying(this ILogger logger, string market, ControlMessage message);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Nothing more is said to {Market}: {Reason}")]
    public static partial void SenderEnded(this ILogger logger, string market, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon allows no {Connections} connections to {Market}: {Text}. Their symbols move to {Remaining}; one more is tried "
            + "again in {Minutes:0} min")]
    public static partial void FewerConnections(
        this ILogger logger, string market, int connections, int remaining, string text, double minutes);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon allows no connection to {Market} now: {Text}. Another process uses the same key: stop it, or buy another "
            + "connection; trying again after a minute or two")]
    public static partial void KeyUsedElsewhere(this ILogger logger, string market, string text);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Market} may have {Connections} connections again: the limit that Polygon showed is tried anew")]
    public static partial void LimitTriedAnew(this ILogger logger, string market, int connections);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Count} symbols of {Market} are left out, because {Connections} connections hold {Capacity} each at most: {Names}. "
            + "Collect fewer, or allow more connections (Polygon:MaxConnections)")]
    public static partial void LeftOut(this ILogger logger, int count, string market, int connections, int capacity, string names);
}
