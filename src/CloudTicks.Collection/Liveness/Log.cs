using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Liveness;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} channels of {Market} are silent although the market is open and they usually tick more often: {Channels}. "
            + "Their connection is restarted")]
    public static partial void QuietChannels(this ILogger logger, int count, string market, string channels);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} channels are still silent on a new session: {Channels}. They are reported again only after they tick. Check "
            + "whether they are halted or the feed is faulty")]
    public static partial void StaleChannels(this ILogger logger, int count, string channels);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} channels tick again: {Channels}")]
    public static partial void TickingAgain(this ILogger logger, int count, string channels);
}
