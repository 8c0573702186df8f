using CloudTicks.Foundations;
using CloudTicks.Ticks;

namespace CloudTicks.Relay;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Client {Id} on {Market} connected from {Remote}")]
    public static partial void Connected(ILogger logger, long id, Market market, string remote);

    [LoggerMessage(LogLevel.Information, "Client {Id} ({Caller}) on {Market} disconnected after {Events} events")]
    public static partial void Disconnected(ILogger logger, long id, string caller, Market market, long events);

    [LoggerMessage(
        LogLevel.Warning,
        "Client {Id} ({Caller}) on {Market} reads too slowly and was disconnected: its backlog exceeds {Limit} (Relay__ClientBufferBytes); "
            + "{Events} events were not sent")]
    public static partial void TooSlow(ILogger logger, long id, string caller, Market market, ByteSize limit, long events);

    [LoggerMessage(
        LogLevel.Warning,
        "The backlog of all clients exceeds {Limit} (Relay__BuffersBytes): client {Id} ({Caller}) on {Market} had the largest backlog "
            + "and was disconnected; {Events} events were not sent")]
    public static partial void FurthestBehind(ILogger logger, long id, string caller, Market market, ByteSize limit, long events);

    [LoggerMessage(LogLevel.Warning, "Client {Id} on {Market} was disconnected, because the key '{Caller}' was revoked")]
    public static partial void Revoked(ILogger logger, long id, string caller, Market market);

    [LoggerMessage(
        LogLevel.Warning, "A connection was refused: {Caller} has {Max} connections already (Relay__MaxConnectionsPerKey)")]
    public static partial void TooManyConnections(ILogger logger, string caller, int max);

    [LoggerMessage(LogLevel.Warning, "A connection was refused: there are {Max} connections already (Relay__MaxClients)")]
    public static partial void TooManyClients(ILogger logger, int max);

    [LoggerMessage(LogLevel.Warning, "Client {Id} ({Caller}) did not catch up, and must subscribe again: {Problem}")]
    public static partial void NotCaughtUp(ILogger logger, long id, string caller, string problem);

    [LoggerMessage(
        LogLevel.Information, "The collectors' document selects no symbols: subscriptions to uncollected symbols are not refused")]
    public static partial void SelectionUnknown(ILogger logger);
}
