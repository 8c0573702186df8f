using Confluent.Kafka;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Hosting;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Function {Function} reads {Topic} as consumer group {Group} from {Connection}")]
    public static partial void Listening(
        this ILogger logger, string function, string topic, string group, EventStream.EventStreamConnection connection);

    [LoggerMessage(Level = LogLevel.Information, Message = "Function {Function} has {Count} partitions of {Topic}")]
    public static partial void Assigned(this ILogger logger, string function, int count, string topic);

    [LoggerMessage(Level = LogLevel.Information, Message = "Function {Function} gives up {Count} partitions of {Topic}")]
    public static partial void Revoked(this ILogger logger, string function, int count, string topic);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Function {Function} has lost its {Count} partitions of {Topic}: the event hub did not respond, restarted, or "
            + "received nothing from this host for too long. The function rejoins automatically, and records after the checkpoint "
            + "are delivered again")]
    public static partial void Lost(this ILogger logger, string function, int count, string topic);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "Function {Function} has lost its {Count} partitions of {Topic} while the event hub was unavailable")]
    public static partial void LostByOutage(this ILogger logger, string function, int count, string topic);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Function {Function} cannot reach the event hub at {Connection}; when the event hub is available again, "
            + "the function resumes where it stopped")]
    public static partial void HubUnavailable(this ILogger logger, string function, EventStream.EventStreamConnection connection);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Function {Function} has not reached the event hub at {Connection} for {Seconds:0} s. "
            + "Check that the event hub is running and reachable")]
    public static partial void HubStillUnavailable(
        this ILogger logger, string function, EventStream.EventStreamConnection connection, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Function {Function} has not been served by the event hub at {Connection} for {Seconds:0} s: {Reason}. When "
            + "the event hub serves it again, the function resumes where it stopped")]
    public static partial void HubRefuses(
        this ILogger logger, string function, EventStream.EventStreamConnection connection, double seconds, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Function {Function} is waiting for topic {Topic}, which does not exist yet")]
    public static partial void TopicAwaited(this ILogger logger, string function, string topic);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Function {Function} on {Topic}: {Reason}")]
    public static partial void ClientProblem(this ILogger logger, string function, string topic, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Function {Function} failed on {Topic}/{Partition} from offset {Offset} and is retried with the same {Events} "
            + "events until it succeeds")]
    public static partial void InvocationFailed(
        this ILogger logger, string function, string topic, int partition, long offset, int events, Exception? exception);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Function {Function} has failed {Failures} times on {Topic}/{Partition} from offset {Offset}; the partition is "
            + "retried with backoff, the others continue")]
    public static partial void PartitionStuck(
        this ILogger logger, string function, int failures, string topic, int partition, long offset, Exception? exception);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Function {Function} succeeded on {Topic}/{Partition} after {Failures} failures")]
    public static partial void PartitionRecovered(this ILogger logger, string function, string topic, int partition, int failures);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "Function {Function} failed on {Topic}/{Partition} while it was being stopped; the events are delivered again")]
    public static partial void FailedWhileStopping(this ILogger logger, string function, string topic, int partition, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Function {Function} is still running on {Topic}/{Partition}, although it was cancelled; its partition is given up, and "
            + "its events are delivered again")]
    public static partial void InvocationAbandoned(this ILogger logger, string function, string topic, int partition);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Text}")]
    public static partial void PositionDeleted(this ILogger logger, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Function {Function} cannot read {Topic}: {Reason} ({Code}); it retries")]
    public static partial void ReadFailed(this ILogger logger, string function, string topic, string reason, ErrorCode code);

    [LoggerMessage(Level = LogLevel.Information, Message = "Function {Function} reads {Topic} again")]
    public static partial void ReadingResumed(this ILogger logger, string function, string topic);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Function {Function}: the checkpoint of {Topic} was not accepted ({Reason}); at worst some events are delivered again")]
    public static partial void CheckpointFailed(this ILogger logger, string function, string topic, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Function {Function}: the event hub at {Connection} accepts no checkpoints of {Topic}: {Reason}. The function continues; "
            + "if it restarts meanwhile, events since the last checkpoint are delivered again")]
    public static partial void CheckpointsRefused(
        this ILogger logger, string function, EventStream.EventStreamConnection connection, string topic, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Function {Function}: checkpoints of {Topic} are accepted again")]
    public static partial void CheckpointsAccepted(this ILogger logger, string function, string topic);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "Function {Function}: the checkpoint of {Topic} was not accepted ({Reason}) because the partitions were reassigned")]
    public static partial void CheckpointOvertaken(this ILogger logger, string function, string topic, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Function {Function}: {Connection} does not return the checkpoints of {Topic} ({Reason}); the query is repeated")]
    public static partial void CheckpointsUnknown(
        this ILogger logger, string function, EventStream.EventStreamConnection connection, string topic, string reason);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "Function {Function}: the consumer of {Topic} ended, and is created again in {Seconds:0.0} s")]
    public static partial void ConsumerEnded(this ILogger logger, string function, string topic, double seconds, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Function {Function} did not leave the consumer group in time; the event hub removes it when its session expires")]
    public static partial void StopTimedOut(this ILogger logger, string function);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Function {Function} is called on the schedule {Schedule}, first at {First:yyyy-MM-ddTHH:mm:ssZ}")]
    public static partial void TimerScheduled(this ILogger logger, string function, string schedule, DateTimeOffset first);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Function {Function} failed; its next run is at {Next:yyyy-MM-ddTHH:mm:ssZ}")]
    public static partial void TimerFailed(this ILogger logger, string function, DateTimeOffset next, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Function {Function} failed on {Method} {Path}; the response is 500")]
    public static partial void RequestFailed(this ILogger logger, string function, string method, PathString path, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Function {Function}: the caller of {Method} {Path} disconnected before the response")]
    public static partial void ClientDisconnected(this ILogger logger, string function, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Function {Function}: {Method} {Path} is not a valid request ({Reason})")]
    public static partial void RequestMalformed(this ILogger logger, string function, string method, PathString path, string reason);
}
