using CloudTicks.Foundations;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Gaps;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The gap of {Symbol} ({Kind}) from {FromMs} to {ToMs} cannot be filled: {Reason}")]
    public static partial void GapUnfillable(this ILogger logger, Symbol symbol, TickKind kind, long fromMs, long? toMs, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The gap of {Symbol} ({Kind}) from {FromMs} to {ToMs} could not be filled and is retried in {Seconds} s: {Reason}")]
    public static partial void GapPostponed(
        this ILogger logger, Symbol symbol, TickKind kind, long fromMs, long? toMs, double seconds, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The collector accepted request {Id} to fetch {Symbol} over REST from {FromMs} to {ToMs} (Unix ms)")]
    public static partial void BackfillRequested(this ILogger logger, Symbol symbol, long fromMs, long toMs, Guid id);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The gap ledger in {Folder} ended in the middle of an entry; {Size} were cut off")]
    public static partial void LedgerCut(this ILogger logger, string folder, ByteSize size);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "The gap ledger {Path} is damaged in {Places} places: {Size} are unreadable, {Entries} entries "
        + "are intact and used. The damaged bytes are kept in {KeptIn}; their gaps may be unknown now. Check the disk, and run "
        + "`cloudticks backfill` for gaps that are open in the table feed_gaps but unknown to the collector")]
    public static partial void LedgerDamaged(this ILogger logger, string path, int places, ByteSize size, int entries, string keptIn);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The gap ledger cannot be written; the collector retries: {Reason}. A restart before it is written loses "
            + "the newest gaps. Check the disk")]
    public static partial void LedgerNotSaved(this ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The damaged part of the spool may include gap records, so the states of {Gaps} gaps are published again")]
    public static partial void GapsPublishedAgain(this ILogger logger, int gaps);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The end of the archive could not be read, so gaps before this start may be unknown: {Reason}")]
    public static partial void ArchiveTailNotRead(this ILogger logger, string reason);
}
