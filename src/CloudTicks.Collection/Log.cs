using CloudTicks.Collection.Feeds;
using CloudTicks.EventStream;
using CloudTicks.Foundations;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Symbols;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Collecting {Channels} channels of {Markets} markets from feed {Feed} into {Partitions} partitions of {Outlet}")]
    public static partial void Collecting(this ILogger logger, int channels, int markets, FeedName feed, int partitions, string outlet);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The collector waits up to {Seconds:0} s for the data folder and collects nothing meanwhile: {Reason}")]
    public static partial void FolderInUse(this ILogger logger, double seconds, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The data folder {Folder} became free after {Seconds:0.0} s")]
    public static partial void FolderFree(this ILogger logger, string folder, double seconds);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The collector stops: {Sentence}")]
    public static partial void Refused(this ILogger logger, string sentence);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Record {Partition}/{Offset} of the archive at {Connection} does not name its feed, so it is unknown whether its ticks "
            + "are real")]
    public static partial void UnmarkedArchive(this ILogger logger, EventStreamConnection connection, int partition, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The collector rejected an element of {Market} as {Reason} for the first time: "
        + "{Raw}")]
    public static partial void FirstRejected(this ILogger logger, string reason, Market market, string raw);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "The feed sends events of type {Type} on {Market}, which are counted but not collected")]
    public static partial void FirstOtherEvent(this ILogger logger, string type, Market market);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The feed sends {Kind}s of {Symbol} on {Market}, which are not selected. Unselected ticks are dropped and counted "
            + "(unselected in the status), but logged only once")]
    public static partial void FirstUnselected(this ILogger logger, TickKind kind, Symbol symbol, Market market);

    [LoggerMessage(Level = LogLevel.Information, Message = "The collector stopped: {Received} ticks received, {Archived} delivered, "
        + "{Rejected} rejected")]
    public static partial void Stopped(this ILogger logger, long received, long archived, long rejected);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} symbols do not look like symbols of their market and are collected anyway: {Names}. {First}: {Doubt}")]
    public static partial void DoubtfulSymbols(this ILogger logger, int count, string names, Symbol first, SymbolWarning doubt);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} collected symbols are not in the feed's reference data and will have no ticks: {Names}. Check their spelling")]
    public static partial void UnknownSymbols(this ILogger logger, int count, string names);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Count} symbols could not be looked up in the reference data and are collected unchecked: {Problem}")]
    public static partial void SymbolsNotLookedUp(this ILogger logger, int count, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed settings cannot be used; the previous settings still apply: {Sentence}")]
    public static partial void SettingsRefused(this ILogger logger, string sentence);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "The destination {Reason}: records are written to disk in {Folder} until it accepts them")]
    public static partial void SpoolingStarted(this ILogger logger, string reason, string folder);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "All records on disk were sent after {Seconds:0.0} s; new records are sent directly again")]
    public static partial void SpoolingEnded(this ILogger logger, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "An earlier run left {Records} records ({Size}) in {Folder}; they are sent "
        + "first")]
    public static partial void SpoolFound(this ILogger logger, long records, ByteSize size, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of {Path} is incomplete or damaged: {Size} were cut off")]
    public static partial void TornTail(this ILogger logger, string path, ByteSize size);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "The spool lost {Records} damaged records in {Path}: partition {Partition}, {Ticks} ticks, written between {FromMs} and "
            + "{ToMs} (Unix ms). Check the disk")]
    public static partial void SpoolDamaged(
        this ILogger logger, long records, string path, int? partition, int? ticks, long fromMs, long? toMs);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The disk of {Folder} has {Free} left, so the spool can hold {Limit} instead of {Max} in an outage. Free disk space")]
    public static partial void DiskShort(this ILogger logger, string folder, ByteSize free, ByteSize limit, ByteSize max);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The spool in {Folder} holds {Size} of {Limit}: of the quotes, only the last of each symbol "
            + "and second is kept; all trades are kept. Restore the destination or free disk space")]
    public static partial void SpoolNearlyFull(this ILogger logger, string folder, ByteSize size, ByteSize limit);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "The spool in {Folder} ({Size} of {Limit}) is full or cannot be written to: ticks are refused and counted. Restore the "
            + "destination, free disk space, or check the disk")]
    public static partial void SpoolFull(this ILogger logger, string folder, ByteSize size, ByteSize limit);

    [LoggerMessage(Level = LogLevel.Information, Message = "The spool in {Folder} has room again; every tick is kept")]
    public static partial void SpoolHasRoom(this ILogger logger, string folder);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "The spool in {Folder} cannot be written to ({Reason}); the collector retries. Waiting records stay in memory, and ticks "
            + "are refused until the disk or the destination is available again. Free disk space or check the disk")]
    public static partial void SpoolUnwritable(this ILogger logger, string folder, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Delivered records cannot be deleted from the spool in {Folder}: {Reason}. Nothing is lost, but they take disk space "
            + "and may be sent twice after a restart")]
    public static partial void SpoolNotTrimmed(this ILogger logger, string folder, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The spool in {Folder} can be written to again")]
    public static partial void SpoolWritable(this ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The delivery of records failed")]
    public static partial void DeliveryFailed(this ILogger logger, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "The warm-up of the tick path failed, so the first ticks will be late: {Reason}")]
    public static partial void WarmUpFailed(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Records} records ({Size}) remain on disk; the next start delivers them")]
    public static partial void RecordsOnDisk(this ILogger logger, long records, ByteSize size);

    [LoggerMessage(Level = LogLevel.Information, Message = "The selection changed to {Symbols} symbols: {Added} added, {Removed} removed")]
    public static partial void SelectionChanged(this ILogger logger, int symbols, int added, int removed);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{LeftOut} option contracts are not collected, because {Connections} connections hold only {Taken}. "
            + "Contracts that expire first are preferred, and within an expiry day the middle strikes. Lower Collector:MaxExpiryDays, "
            + "choose calls or puts, or raise Polygon:MaxConnections")]
    public static partial void ContractsNotCollected(this ILogger logger, int leftOut, int taken, int connections);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The option contracts of {Share} cannot be looked up; the known ones stay selected: {Reason}")]
    public static partial void ContractsUnknown(this ILogger logger, string share, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Share} has more than {Max} option contracts; those that expire last are ignored. Lower Collector:MaxExpiryDays")]
    public static partial void ContractsCut(this ILogger logger, string share, int max);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Share} has {Contracts} option contracts that expire within {Days} days")]
    public static partial void ContractsKnown(this ILogger logger, string share, int contracts, int days);
}
