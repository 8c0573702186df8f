using CloudTicks.Timescale.Storing;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Timescale;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Migration {Name} was applied to database {Database}")]
    public static partial void MigrationApplied(this ILogger logger, string name, string? database);

    [LoggerMessage(LogLevel.Warning, "{Ticks} ticks of {Partition} are older than the retention window and were not stored; the archive has them, further ones are only counted")]
    public static partial void FirstExpired(this ILogger logger, StreamPartition partition, long ticks);

    [LoggerMessage(LogLevel.Warning, "{Records} records of {Partition} were refused; the first, at offset {Offset}: {Reason}")]
    public static partial void RecordsRefused(this ILogger logger, StreamPartition partition, int records, long offset, string reason);

    [LoggerMessage(LogLevel.Error, "The database had {Partition} stored up to {Stored} and has it up to {Found} now: it was put back to an earlier state, and what is missing must be delivered again")]
    public static partial void DatabaseWentBack(this ILogger logger, StreamPartition partition, long stored, long found);
}
