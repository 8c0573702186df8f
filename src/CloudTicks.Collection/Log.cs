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
        Message = "Collecting {Channels} channels of {Markets} markets, feed {Feed}, into {Partitions} partitions of {Outlet}")]
    public static partial void Collecting(this ILogger logger, int channels, int markets, FeedName feed, int partitions, string outlet);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Waiting up to {Seconds:0} s for the data folder, nothing is collected meanwhile: {Reason}")]
    public static partial void FolderInUse(this ILogger logger, double seconds, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The data folder {Folder} is free, after {Seconds:0.0} s")]
    public static partial void FolderFree(this ILogger logger, string folder, double seconds);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The collector stops: {Sentence}")]
    public static partial void Refused(this ILogger logger, string sentence);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Record {Partition}/{Offset} of the archive at {Connection} does not name its feed, so that it cannot be told whether "
            + "its ticks are real")]
    public static partial void UnmarkedArchive(this ILogger logger, EventStreamConnection connection, int partition, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rejected as {Reason}, the first of its kind, on {Market}: {Raw}")]
    public static partial void FirstRejected(this ILogger logger, string reason, Market market, string raw);

    [LoggerMessage(Level = LogLevel.Information, Message = "Events of type {Type} come on {Market}; they are counted and not collected")]
    public static partial void FirstOtherEvent(this ILogger logger, string type, Market market);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The server sends {Kind}s of {Symbol} on {Market}, which are not selected. Such ticks are counted (unselected in the "
            + "status) and left out; this line comes once")]
    public static partial void FirstUnselected(this ILogger logger, TickKind kind, Symbol symbol, Market market);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped: {Received} ticks received, {Archived} delivered, {Rejected} rejected")]
    public static partial void Stopped(this ILogger logger, long received, long archived, long rejected);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Symbols that do not look like one of their market are collected all the same ({Count}): {Names}. {First}: {Doubt}")]
    public static partial void DoubtfulSymbols(this ILogger logger, int count, string names, Symbol first, SymbolDoubt doubt);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The reference data of the feed do not have symbols that are collected ({Count}), so that no ticks will come: {Names}")]
    public static partial void UnknownSymbols(this ILogger logger, int count, string names);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Count} symbols could not be looked up in the reference data, and are collected unchecked: {Problem}")]
    public static partial void SymbolsNotLookedUp(this ILogger logger, int count, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed settings cannot be used, so that those before stay in force: {Sentence}")]
    public static partial void SettingsRefused(this ILogger logger, string sentence);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "The other side {Reason}: records go to disk, into {Folder}, until it has taken them")]
    public static partial void SpoolingStarted(this ILogger logger, string reason, string folder);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "All records on disk were handed over, after {Seconds:0.0} s; they go straight again")]
    public static partial void SpoolingEnded(this ILogger logger, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "An earlier run has left {Records} records, {Size}, in {Folder}; they go first")]
    public static partial void SpoolFound(this ILogger logger, long records, ByteSize size, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of {Path} was not written to its end, or is damaged: {Size} were cut off")]
    public static partial void TornTail(this ILogger logger, string path, ByteSize size);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "{Records} records of the spool are damaged and lost, before {Path} went on; partition {Partition}, {Ticks} ticks, "
            + "written between {FromMs} and {ToMs} (Unix ms). The disk should be looked at")]
    public static partial void SpoolDamaged(
        this ILogger logger, long records, string path, int? partition, int? ticks, long fromMs, long? toMs);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The disk of {Folder} has {Free} left: an outage of the other side can be bridged by {Limit} instead of {Max}. Make "
            + "room")]
    public static partial void DiskShort(this ILogger logger, string folder, ByteSize free, ByteSize limit, ByteSize max);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The spool in {Folder} has {Size} of {Limit}: of the quotes only the last of each symbol and second is kept, trades "
            + "all. Bring the other side back, or make room")]
    public static partial void SpoolNearlyFull(this ILogger logger, string folder, ByteSize size, ByteSize limit);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "The spool in {Folder} is full ({Size} of {Limit}): ticks are refused, and counted, until there is room. Bring the "
            + "other side back, or make room")]
    public static partial void SpoolFull(this ILogger logger, string folder, ByteSize size, ByteSize limit);

    [LoggerMessage(Level = LogLevel.Information, Message = "The spool in {Folder} has room again: every tick is kept")]
    public static partial void SpoolHasRoom(this ILogger logger, string folder);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "The spool in {Folder} cannot be written ({Reason}); trying again. What waits stays in memory, and ticks are refused "
            + "until it can or the other side is back. Make room, or look at the disk")]
    public static partial void SpoolUnwritable(this ILogger logger, string folder, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "What was delivered cannot be deleted from the spool in {Folder}: {Reason}. Nothing is lost by that; it takes room, "
            + "and may be sent twice after a restart")]
    public static partial void SpoolNotTrimmed(this ILogger logger, string folder, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The spool in {Folder} can be written again")]
    public static partial void SpoolWritable(this ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The delivery of records has failed")]
    public static partial void DeliveryFailed(this ILogger logger, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "The path of a tick was not rehearsed, so that the first ticks are late: {Reason}")]
    public static partial void NotRehearsed(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Records} records, {Size}, stay on disk; the next start delivers them")]
    public static partial void LeftOnDisk(this ILogger logger, long records, ByteSize size);

    [LoggerMessage(Level = LogLevel.Information, Message = "The selection is now {Symbols} symbols: {Added} came, {Removed} went")]
    public static partial void SelectionChanged(this ILogger logger, int symbols, int added, int removed);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{LeftOut} option contracts are left out, as {Connections} connections hold the {Taken} that are taken: those that "
            + "expire first, and of the last day the strikes in the middle. Lower Collector:MaxExpiryDays, choose calls or puts, or have "
                + "more connections (Polygon:MaxConnections)")]
    public static partial void ContractsLeftOut(this ILogger logger, int leftOut, int taken, int connections);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The option contracts of {Share} cannot be looked up, and stay those known before: {Reason}")]
    public static partial void ContractsUnknown(this ILogger logger, string share, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Share} has more than {Most} option contracts; the later ones are not looked at. Lower Collector:MaxExpiryDays")]
    public static partial void ContractsCut(this ILogger logger, string share, int most);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Share} has {Contracts} option contracts that expire within {Days} days")]
    public static partial void ContractsKnown(this ILogger logger, string share, int contracts, int days);
}
