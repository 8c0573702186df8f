using Microsoft.Extensions.Logging;

namespace CloudTicks.Messaging;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Connected to NATS at {Server}")]
    public static partial void Connected(ILogger logger, string server);

    [LoggerMessage(LogLevel.Warning, "No connection to NATS at {Servers}: {Problem}. The client retries until NATS is reachable")]
    public static partial void NotConnected(ILogger logger, string servers, string problem);

    [LoggerMessage(LogLevel.Warning, "Lost the connection to NATS at {Server}: {Problem}. Reconnecting to {Servers}")]
    public static partial void ConnectionLost(ILogger logger, string server, string problem, string servers);

    [LoggerMessage(
        LogLevel.Warning,
        "Still no connection to NATS at {Servers} after {Seconds:0} s: {Problem}. Check that NATS is running and reachable")]
    public static partial void StillNotConnected(ILogger logger, string servers, double seconds, string problem);

    [LoggerMessage(LogLevel.Critical, "The NATS client has stopped: nothing is published or received until this service is restarted")]
    public static partial void ClientStopped(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Problem with NATS subscription {Subject}: {Problem}")]
    public static partial void SubscriptionProblem(ILogger logger, string subject, string problem);

    [LoggerMessage(
        LogLevel.Error, "The handler of NATS subscription {Subject} failed. The message is skipped; further failures are only counted")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string subject);

    [LoggerMessage(LogLevel.Debug, "Connected to Redis at {Server}")]
    public static partial void RedisConnected(ILogger logger, string server);
}
