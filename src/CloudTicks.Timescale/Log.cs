using CloudTicks.Foundations;
using CloudTicks.Timescale.Retention;
using CloudTicks.Timescale.Storing;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Timescale;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Migration {Name} was applied to database {Database}")]
    public static partial void MigrationApplied(this ILogger logger, string name, string? database);

    [LoggerMessage(LogLevel.Information, "Database {Database} has TimescaleDB {Version} on PostgreSQL {Server}: {Description}")]
    public static partial void EditionFound(this ILogger logger, string? database, string version, string server, string description);

    [LoggerMessage(
        LogLevel.Information, "The roles cloudticks_owner, cloudticks_writer and cloudticks_reader are set up in database {Database}")]
    public static partial void RolesSetUp(this ILogger logger, string? database);

    [LoggerMessage(
        LogLevel.Warning, "The roles of database {Database} cannot be set up ({Reason}): connections keep all rights of their login. "
        + "To set up the roles, run as a user who may do so: {Advice} Then restart this program")]
    public static partial void RolesRefused(this ILogger logger, string? database, string reason, string advice);

    [LoggerMessage(LogLevel.Information, "The roles of database {Database} are not set up yet ({Reason}); the setup is retried")]
    public static partial void RoleSetupDelayed(this ILogger logger, string? database, string reason);

    [LoggerMessage(LogLevel.Warning, "Table {Table} was missing in database {Database} and was recreated, empty")]
    public static partial void TableRestored(this ILogger logger, string table, string? database);

    [LoggerMessage(
        LogLevel.Warning,
        "{Ticks} ticks of {Partition} are older than the retention window and were not stored; the archive has them. Further ones are "
        + "only counted")]
    public static partial void FirstExpired(this ILogger logger, StreamPartition partition, long ticks);

    [LoggerMessage(
        LogLevel.Warning,
        "{Partition} has data that cannot be stored: {Records} dead letters were written. The first, from offset {Offset}: {Reason}")]
    public static partial void RecordsRefused(this ILogger logger, StreamPartition partition, int records, long offset, string reason);

    [LoggerMessage(
        LogLevel.Error,
        "The database was restored to an earlier state: {Partition} was stored up to {Stored} and is now stored up to {Found}. The records "
        + "in between must be delivered again")]
    public static partial void DatabaseRestored(this ILogger logger, StreamPartition partition, long stored, long found);

    [LoggerMessage(
        LogLevel.Information,
        "Retention dropped {Chunks} chunks of market_ticks, {From:yyyy-MM-ddTHH:mm:ssZ} to {To:yyyy-MM-ddTHH:mm:ssZ}; "
            + "the cutoff is {Cutoff:yyyy-MM-ddTHH:mm:ssZ}, {Days:0.##} days before the earliest of this program's time, "
            + "the database's time and the newest tick ({Clock})")]
    public static partial void ChunksDropped(
        this ILogger logger, int chunks, DateTimeOffset from, DateTimeOffset to, DateTimeOffset cutoff, double days, CutoffClock clock);

    [LoggerMessage(
        LogLevel.Information,
        "Retention dropped nothing: no chunk of market_ticks ends before {Cutoff:yyyy-MM-ddTHH:mm:ssZ}, "
            + "{Days:0.##} days before the earliest of this program's time, the database's time and the newest tick ({Clock})")]
    public static partial void NothingDropped(this ILogger logger, DateTimeOffset cutoff, double days, CutoffClock clock);

    [LoggerMessage(LogLevel.Information, "Retention dropped nothing: market_ticks is empty")]
    public static partial void RetentionTableEmpty(this ILogger logger);

    [LoggerMessage(LogLevel.Information, "Retention dropped nothing: it is off (Timescale:RetentionWindow is empty)")]
    public static partial void RetentionOff(this ILogger logger);

    [LoggerMessage(
        LogLevel.Information,
        "Retention removed {Gaps} closed gaps from feed_gaps that ended more than {Days} days before the retention "
        + "window; the archive has them")]
    public static partial void GapsRemoved(this ILogger logger, int gaps, int days);

    [LoggerMessage(LogLevel.Information, "Compression of market_ticks is {State}: {Why}")]
    public static partial void CompressionChosen(this ILogger logger, string state, string why);

    [LoggerMessage(
        LogLevel.Information,
        "Compression of market_ticks: {Chunks} chunks were compressed, {Joined} compressed chunks were compressed again with their late "
        + "ticks, and {Held} locked chunks are left for the next run")]
    public static partial void ChunksCompressed(this ILogger logger, int chunks, int joined, int held);

    [LoggerMessage(
        LogLevel.Warning,
        "Chunks of market_ticks are not compressed: {Problem} Storing and reading continue; compression is retried in ten minutes. "
        + "Set Timescale__CompressAfter to an empty value to turn compression off")]
    public static partial void CompressionRefused(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "Retention is incomplete: {Problem}")]
    public static partial void RetentionNotVerified(this ILogger logger, string problem);

    [LoggerMessage(
        LogLevel.Warning,
        "The chunk from {From:yyyy-MM-ddTHH:mm:ssZ} to {To:yyyy-MM-ddTHH:mm:ssZ}, about {Rows} rows and {Size}, was dropped early, "
        + "within the retention window; the archive has its ticks. {Why}")]
    public static partial void DroppedEarly(
        this ILogger logger, DateTimeOffset from, DateTimeOffset to, long rows, ByteSize size, string why);

    [LoggerMessage(
        LogLevel.Warning,
        "The chunk from {From:yyyy-MM-ddTHH:mm:ssZ} to {To:yyyy-MM-ddTHH:mm:ssZ} cannot be dropped early: it was locked by {Holder}")]
    public static partial void EarlyDropBlocked(this ILogger logger, DateTimeOffset from, DateTimeOffset to, string holder);

    [LoggerMessage(LogLevel.Error, "No chunk can be dropped early: the table has none except the newest, which must stay. {Why}")]
    public static partial void NothingToDropEarly(this ILogger logger, string why);
}
