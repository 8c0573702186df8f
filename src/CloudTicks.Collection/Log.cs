using CloudTicks.Collection.Feeds;
using CloudTicks.EventStream;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Collecting {Channels} channels of {Markets} markets, feed {Feed}, into {Partitions} partitions of {Connection}")]
    public static partial void Collecting(this ILogger logger, int channels, int markets, FeedName feed, int partitions, EventStreamConnection connection);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event hub at {Connection} cannot be used yet: {Reason}. Nothing is collected until it can; trying again")]
    public static partial void HubNotReady(this ILogger logger, EventStreamConnection connection, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The collector stops: {Sentence}")]
    public static partial void Refused(this ILogger logger, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Record {Partition}/{Offset} of the archive at {Connection} does not name its feed, so that it cannot be told whether its ticks are real")]
    public static partial void UnmarkedArchive(this ILogger logger, EventStreamConnection connection, int partition, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rejected as {Reason}, the first of its kind, on {Market}: {Raw}")]
    public static partial void FirstRejected(this ILogger logger, string reason, Market market, string raw);

    [LoggerMessage(Level = LogLevel.Information, Message = "Events of type {Type} come on {Market}; they are counted and not collected")]
    public static partial void FirstOtherEvent(this ILogger logger, string type, Market market);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped: {Received} ticks received, {Archived} acknowledged by the event hub, {Rejected} rejected")]
    public static partial void Stopped(this ILogger logger, long received, long archived, long rejected);

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed settings cannot be used, so that those before stay in force: {Sentence}")]
    public static partial void SettingsRefused(this ILogger logger, string sentence);
}
