using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Liveness;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} channels of {Market} bring nothing though the market is open and they usually tick more often: {Channels}. "
            + "Their connection is begun anew")]
    public static partial void QuietChannels(this ILogger logger, int count, string market, string channels);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} channels bring nothing on a new session either: {Channels}. They are said again only once they tick; are they "
            + "halted, or is the feed ill?")]
    public static partial void StaleChannels(this ILogger logger, int count, string channels);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} channels tick again: {Channels}")]
    public static partial void TickingAgain(this ILogger logger, int count, string channels);
}
