using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Lake;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "The lake is in {Location}: {Rows} ticks in {Files} files")]
    public static partial void LakeOpened(this ILogger logger, string location, long rows, int files);

    [LoggerMessage(
        LogLevel.Information, "There is no lake, because neither Lake__Folder nor Lake__Address is set; no Parquet files are written")]
    public static partial void NoLake(this ILogger logger);

    [LoggerMessage(
        LogLevel.Information, "Another process is writing the lake in {Location}; this process takes over when the other one ends")]
    public static partial void LakeLockedByOther(this ILogger logger, string location);

    [LoggerMessage(
        LogLevel.Information,
        "A command is repairing the lake in {Location}; ticks wait in the archive until the command ends")]
    public static partial void LakeLockReleased(this ILogger logger, string location);

    [LoggerMessage(
        LogLevel.Warning, "{Count} files in {Location}, such as {Name}, do not belong to the lake and are ignored")]
    public static partial void ForeignFiles(this ILogger logger, int count, string location, string name);

    [LoggerMessage(LogLevel.Error, "The lake is damaged: {Problem}")]
    public static partial void LakeDamaged(this ILogger logger, string problem);

    [LoggerMessage(
        LogLevel.Warning,
        "The newest manifest of {Days} days of the lake is damaged; the previous manifest is used, and the archive is read again from its "
            + "offsets")]
    public static partial void LakeRecovered(this ILogger logger, int days);

    [LoggerMessage(LogLevel.Debug, "{Count} leftover files of the lake were deleted")]
    public static partial void LeftoversDeleted(this ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "The lake is not being written, and ticks are waiting in the archive: {Problem}")]
    public static partial void LakeStopped(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "The lake is still not being written after {Seconds} s: {Problem}")]
    public static partial void LakeStillNotWritten(this ILogger logger, long seconds, string problem);

    [LoggerMessage(LogLevel.Information, "The lake is being written again, after an outage of {Seconds} s")]
    public static partial void LakeWrittenAgain(this ILogger logger, long seconds);

    [LoggerMessage(LogLevel.Warning, "The lake skipped {Records} records and {Ticks} ticks; further ones are only counted: {Fault}")]
    public static partial void FirstSkipped(this ILogger logger, long records, long ticks, string fault);

    [LoggerMessage(
        LogLevel.Error,
        "Records {First} to {Last} of {Topic}/{Partition} may be missing in the lake, and the archive no longer has them")]
    public static partial void RecordsDeleted(this ILogger logger, string topic, int partition, long first, long last);

    [LoggerMessage(
        LogLevel.Information,
        "Lake__RetentionDays is {Days}: {Count} days of the lake up to {Last} were dropped, with {Rows} ticks in {Size}")]
    public static partial void DaysDropped(this ILogger logger, int count, DateOnly last, long rows, ByteSize size, int days);

    [LoggerMessage(
        LogLevel.Information,
        "The archive dropped {Share:P1} of its records, all written before {Cutoff:u}: verify has proved that the lake has them "
            + "(Lake__ArchiveRetentionDays is {Days})")]
    public static partial void ArchiveDropped(this ILogger logger, double share, DateTimeOffset cutoff, int days);

    [LoggerMessage(
        LogLevel.Warning,
        "Lake__ArchiveRetentionDays is {Days}, but the archive keeps everything: no record is proved to be in an undamaged lake. Run "
            + "'cloudticks verify --check lake'")]
    public static partial void NothingProved(this ILogger logger, int days);

    [LoggerMessage(
        LogLevel.Warning,
        "Records that the lake has could not be dropped from the archive; the next attempt is in an hour: {Problem}")]
    public static partial void ArchiveNotDropped(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "Files of the lake could not be merged; the next attempt is in an hour: {Problem}")]
    public static partial void NotMerged(this ILogger logger, string problem);

    [LoggerMessage(
        LogLevel.Debug, "The offsets of the lake's consumer group could not be committed; only the displayed lag is wrong: {Problem}")]
    public static partial void PositionsNotCommitted(this ILogger logger, string problem);
}
