using CloudTicks.Foundations;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Gaps;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The gap of {Symbol} ({Kind}) from {FromMs} to {ToMs} cannot be filled, and stays: {Reason}")]
    public static partial void GapUnfillable(this ILogger logger, Symbol symbol, TickKind kind, long fromMs, long? toMs, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The gap of {Symbol} ({Kind}) from {FromMs} to {ToMs} could not be filled now, and is tried again in {Seconds} s: "
            + "{Reason}")]
    public static partial void GapPostponed(
        this ILogger logger, Symbol symbol, TickKind kind, long fromMs, long? toMs, double seconds, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Symbol} is fetched over REST from {FromMs} to {ToMs}, as was asked: {Id}")]
    public static partial void BackfillRequested(this ILogger logger, Symbol symbol, long fromMs, long toMs, Guid id);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The ledger of gaps in {Folder} ended in the middle of an entry; {Size} were cut off")]
    public static partial void LedgerCut(this ILogger logger, string folder, ByteSize size);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "The ledger of gaps {Path} is damaged in {Places} places: {Size} cannot be relied on, "
        + "{Entries} entries are whole and used. The damaged bytes are kept in {KeptIn}; the gaps in them may be unknown now. Check the "
            + "disk, and fetch "
        + "what the table feed_gaps has open and the collector does not by `cloudticks backfill`")]
    public static partial void LedgerDamaged(this ILogger logger, string path, int places, ByteSize size, int entries, string keptIn);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The ledger of gaps cannot be written, and is tried again: {Reason}. A restart before that would forget the gaps since")]
    public static partial void LedgerNotSaved(this ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The damage of the spool may have hit records of gaps: the states of {Gaps} gaps are sent to the archive again")]
    public static partial void GapsPublishedAgain(this ILogger logger, int gaps);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The end of the archive could not be read, so that gaps before this start may be unknown: {Reason}")]
    public static partial void ArchiveTailNotRead(this ILogger logger, string reason);
}
