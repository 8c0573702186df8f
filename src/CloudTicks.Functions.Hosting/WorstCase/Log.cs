using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Hosting.WorstCase;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "TEST MODE: the worst case of the Functions runtime is on (FunctionsHosting:WorstCase:Enabled, seed {Seed}, rate "
            + "{Rate}): failed batches are checkpointed, batches are delivered twice and calls are cancelled. "
            + "Never use it for real ticks")]
    public static partial void WorstCaseOn(this ILogger logger, int seed, double rate);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Worst case: {Target} from offset {Offset}, {Events} events: cancelled in the middle and called again")]
    public static partial void Cancelled(this ILogger logger, string target, long offset, int events);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Worst case: {Target} from offset {Offset}, {Events} events: failed, but checkpointed anyway")]
    public static partial void FailedBatchCheckpointed(this ILogger logger, string target, long offset, int events, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Worst case: {Target} from offset {Offset}, {Events} events: delivered {How}")]
    public static partial void Repeats(this ILogger logger, string target, long offset, int events, string how);

    [LoggerMessage(Level = LogLevel.Information, Message = "Worst case: {Target} from offset {Offset}: the repeated call failed")]
    public static partial void RepeatFailed(this ILogger logger, string target, long offset, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Worst case: {Target}: leaves the consumer group")]
    public static partial void Leaves(this ILogger logger, string target);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Worst case: {Target}/{Partition}: begins at offset {Begin}, before its checkpoint {Checkpoint}")]
    public static partial void BeginsBefore(this ILogger logger, string target, int partition, long begin, long checkpoint);
}
