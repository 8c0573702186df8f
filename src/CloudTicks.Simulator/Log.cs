using CloudTicks.Ticks;

namespace CloudTicks.Simulator;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Sending {Rate} synthetic ticks per second, spread over the subscribed channels")]
    public static partial void Synthetic(ILogger logger, int rate);

    [LoggerMessage(
        LogLevel.Information,
        "The replay of {Rows} {Market} {Kind}s of {Symbol} from {File} at speed {Speed} starts when all replayed channels are subscribed "
            + "to")]
    public static partial void Replaying(ILogger logger, long rows, Market market, TickKind kind, string symbol, string file, string speed);

    [LoggerMessage(LogLevel.Information, "The replay has started")]
    public static partial void ReplayStarted(ILogger logger);

    [LoggerMessage(LogLevel.Information, "The replay has sent its last tick")]
    public static partial void ReplayFinished(ILogger logger);

    [LoggerMessage(LogLevel.Information, "A session on {Market} has begun")]
    public static partial void SessionBegun(ILogger logger, Market market);

    [LoggerMessage(LogLevel.Information, "A session on {Market} has ended")]
    public static partial void SessionEnded(ILogger logger, Market market);

    [LoggerMessage(LogLevel.Warning, "A frame was not sent, because its session on {Market} has ended: {Reason}")]
    public static partial void FrameNotSent(ILogger logger, Market market, string reason);

    [LoggerMessage(
        LogLevel.Warning,
        "A client on {Market} is too slow: the buffer of connection {Connection} is full, and the connection was dropped")]
    public static partial void TooSlow(ILogger logger, Market market, long connection);

    [LoggerMessage(LogLevel.Information, "A fault was requested: {Fault}")]
    public static partial void FaultRequested(ILogger logger, string fault);

    [LoggerMessage(LogLevel.Information, "The script {Path} has {Steps} steps, the last at {Last}")]
    public static partial void ScriptStarted(ILogger logger, string path, int steps, TimeSpan last);

    [LoggerMessage(LogLevel.Warning, "The script's fault at {At} was refused: {Problem}")]
    public static partial void ScriptedFaultRefused(ILogger logger, TimeSpan at, string problem);

    [LoggerMessage(LogLevel.Critical, "Sending ticks failed; the simulator stops")]
    public static partial void SendingFailed(ILogger logger, Exception exception);
}
