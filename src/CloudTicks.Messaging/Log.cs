using Microsoft.Extensions.Logging;

namespace CloudTicks.Messaging;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Connected to NATS at {Server}")]
    public static partial void Connected(ILogger logger, string server);

    [LoggerMessage(LogLevel.Warning, "No connection to NATS at {Servers}: {Problem}. Trying again until it is there")]
    public static partial void NotConnected(ILogger logger, string servers, string problem);

    [LoggerMessage(LogLevel.Warning, "Lost the connection to NATS at {Server}: {Problem}. Connecting to {Servers} until one is there")]
    public static partial void ConnectionLost(ILogger logger, string server, string problem, string servers);

    [LoggerMessage(
        LogLevel.Warning, "Still no connection to NATS at {Servers} after {Seconds:0} s: {Problem}. Is it running, and reachable?")]
    public static partial void StillNotConnected(ILogger logger, string servers, double seconds, string problem);

    [LoggerMessage(LogLevel.Critical, "Gave up on NATS: nothing is published or received any more")]
    public static partial void GivenUp(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Warning, "NATS reports on subscription {Subject}: {Problem}")]
    public static partial void SubscriptionProblem(ILogger logger, string subject, string problem);

    [LoggerMessage(
        LogLevel.Error, "The handler of NATS subscription {Subject} failed; the message is skipped, further failures are only counted")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string subject);

    [LoggerMessage(LogLevel.Debug, "Connected to Redis at {Server}")]
    public static partial void RedisConnected(ILogger logger, string server);
}
