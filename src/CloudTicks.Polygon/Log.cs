using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to Polygon.io ({Market} at {Host})")]
    public static partial void Connected(this ILogger logger, string market, string host);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Connected to Polygon.io ({Market} at {Host}) again after {Seconds:0.0} s without ticks; the ticks of that time were "
            + "missed")]
    public static partial void ConnectedAgain(this ILogger logger, string market, string host, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Polygon acknowledged all {Channels} channels of {Market}")]
    public static partial void Subscribed(this ILogger logger, string market, int channels);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon did not acknowledge {Count} channels of {Market} after several requests: {Channels}. They are requested again "
            + "with growing pauses. Check the names")]
    public static partial void NotAcknowledged(this ILogger logger, string market, int count, string channels);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Polygon reports an error on {Market}: {Text}. Check the symbols and that the plan includes them")]
    public static partial void ServerError(this ILogger logger, string market, string text);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Polygon sent an unknown success message on {Market}, which is ignored: {Text}")]
    public static partial void UnknownSuccessMessage(this ILogger logger, string market, string text);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon sent an unknown status on {Market}, which is ignored: {Status}. It may explain why ticks stop")]
    public static partial void UnknownStatus(this ILogger logger, string market, string status);

    [LoggerMessage(
        Level = LogLevel.Debug, Message = "The server of {Market} sent no greeting within {Seconds:0.#} s; the key is sent anyway")]
    public static partial void NotGreeted(this ILogger logger, string market, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The session of {Market} ended ({Reason}): {Text}; its symbols get no ticks until the collector connects again. The next "
            + "attempt is in {Seconds:0.00} s")]
    public static partial void SessionEnded(this ILogger logger, string market, SessionEndReason reason, string text, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The session of {Market} ended ({Reason}): {Text}; it is not opened again, because Polygon refused the key")]
    public static partial void LastSessionEnded(this ILogger logger, string market, SessionEndReason reason, string text);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "The attempt to connect to {Market} failed ({Reason}): {Text}; the next is in {Seconds:0.0} s")]
    public static partial void AttemptFailed(this ILogger logger, string market, SessionEndReason reason, string text, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Market} has had no session for {Seconds:0} s. {Attempts} attempts failed, the last one with: {Text}. Check the feed "
            + "and the network")]
    public static partial void StillNoSession(this ILogger logger, string market, double seconds, int attempts, string text);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Sentence}")]
    public static partial void AuthenticationFailed(this ILogger logger, string sentence);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The close frame to {Market} could not be sent")]
    public static partial void CloseFailed(this ILogger logger, string market, Exception reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon refused a request for {Endpoint} because of its rate limit, although at most {PerSecond} are sent per "
            + "second{Pause}{Text}. Lower Polygon:RateLimitPerSecond if this recurs")]
    public static partial void RateLimitViolated(this ILogger logger, string endpoint, int perSecond, string pause, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence} Retrying in {Seconds:0.0} s")]
    public static partial void RequestRetried(this ILogger logger, double seconds, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rows of {Endpoint} are skipped ({Reason}); the first is {Row}")]
    public static partial void FirstRowRejected(this ILogger logger, string endpoint, string reason, string row);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} rows of {Endpoint} cannot be read and are skipped")]
    public static partial void RowsRejected(this ILogger logger, string endpoint, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The system has no time zones: market hours use New York's rules of 2007. Install the package tzdata")]
    public static partial void NoTimeZones(this ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Sentence} Until a retry succeeds, the last known market hours apply, or those of a usual week")]
    public static partial void HoursUnknown(this ILogger logger, string sentence);

    [LoggerMessage(Level = LogLevel.Information, Message = "The market hours are known again")]
    public static partial void HoursKnownAgain(this ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The server's market status differs from the calendar and overrides it: stocks {Stocks}, currencies {Forex}, crypto "
            + "{Crypto}")]
    public static partial void HoursOverruled(this ILogger logger, string stocks, string forex, string crypto);

    [LoggerMessage(Level = LogLevel.Information, Message = "Polygon acknowledged {Channel} on {Market} after all")]
    public static partial void AcknowledgedAfterAll(this ILogger logger, string market, FeedChannel channel);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon ended the subscription of {Channel} on {Market} by itself. It is requested again, and the missed ticks become a "
            + "gap")]
    public static partial void ChannelTakenBack(this ILogger logger, string market, FeedChannel channel);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon refused {Channel} on {Market}: {Text}. It is not collected, and is requested again with long pauses. Check that "
            + "the plan includes it")]
    public static partial void ChannelRefused(this ILogger logger, string market, FeedChannel channel, string text);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Polygon refused {Channel} on {Market} too: {Text}")]
    public static partial void AnotherChannelRefused(this ILogger logger, string market, FeedChannel channel, string text);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon accepts only {Held} channels on the connection of {Market}; {Others} others are waiting: {Text}. Collect fewer "
            + "symbols or raise Polygon:MaxConnections")]
    public static partial void SubscriptionLimit(this ILogger logger, string market, int held, int others, string text);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Sending to {Market}: {Message}")]
    public static partial void SendingMessage(this ILogger logger, string market, ControlMessage message);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The sender of {Market} ended: {Reason}")]
    public static partial void SenderEnded(this ILogger logger, string market, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon does not allow {Connections} connections to {Market}: {Text}. The refused connection's symbols move to "
            + "the remaining {Remaining}; a further connection is tried in {Minutes:0} min")]
    public static partial void FewerConnections(
        this ILogger logger, string market, int connections, int remaining, string text, double minutes);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Polygon allows no connection to {Market} now: {Text}. Another process probably uses the same key: stop it, or buy "
            + "another connection. The collector retries in one to two minutes")]
    public static partial void KeyUsedElsewhere(this ILogger logger, string market, string text);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The feed of {Market} uses up to {Connections} connections again, to test Polygon's limit")]
    public static partial void LimitTestedAgain(this ILogger logger, string market, int connections);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Count} symbols of {Market} are not collected, because {Connections} connections hold at most {Capacity} each: {Names}. "
            + "Collect fewer symbols or raise Polygon:MaxConnections")]
    public static partial void LeftOut(this ILogger logger, int count, string market, int connections, int capacity, string names);
}
