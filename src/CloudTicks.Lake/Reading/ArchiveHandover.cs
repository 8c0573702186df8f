using System.Globalization;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Reading;

/// <summary>
/// Selects the ticks that a client reads from the lake before it continues in the archive: those whose records the archive no longer holds.
/// Imported ticks have no record, so they are selected by time. Ticks that an operator entered or that were replayed are omitted.
/// </summary>
public sealed record ArchiveHandover
{
    /// <summary>The place of ticks from earlier archives, which precede all offsets of the current archive.</summary>
    public const long EarlierArchive = -1;

    private const long Imported = -2;

    /// <summary>The identity of the archive's stream.</summary>
    public required string Stream { get; init; }

    /// <summary>The time of the archive's oldest record, Unix ms, UTC; ticks from earlier archives are older.</summary>
    public required long BeginMs { get; init; }

    /// <summary>The number of the archive's partitions.</summary>
    public required int Partitions { get; init; }

    /// <summary>The ranges by partition; ticks of other partitions are not read.</summary>
    public required IReadOnlyDictionary<int, HandoverRange> Ranges { get; init; }

    private static string Import { get; } = SqlText.Quote(NameOf(TickSource.Import));

    private static string Sources { get; } = string.Join(
        ", ", new[] { TickSource.Live, TickSource.Backfill, TickSource.Import }.Select(source => SqlText.Quote(NameOf(source))));

    internal FileOrigin OriginOf(IReadOnlyList<string> streams) => !streams.Contains(Stream) ? FileOrigin.EarlierArchive
        : streams.Count == 1 ? FileOrigin.Archive : FileOrigin.Both;

    /// <summary>
    /// An SQL expression for the place of a row in the archive: its offset, or a negative constant. If a tick has several copies, the one
    /// with the highest place counts, because the client receives the tick from the archive if the archive still holds any copy.
    /// </summary>
    internal string PlaceIn(FileOrigin origin) => string.Create(
        CultureInfo.InvariantCulture,
        $"CASE WHEN source = {Import} THEN {Imported} {EarlierArchiveCase(origin)}ELSE archive_offset END");

    /// <summary>An SQL condition that excludes most of the rows that are not selected.</summary>
    internal string FilterIn(FileOrigin origin) => origin != FileOrigin.Archive || Ranges.Count == Partitions ? $"source IN ({Sources})"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"source IN ({Sources}) AND (archive_partition IN ({string.Join(", ", Ranges.Keys)}) OR source = {Import})");

    internal bool Selects(Symbol symbol, long timestampMs, long place) =>
        Ranges.TryGetValue(symbol.PartitionOf(Partitions), out var range) && (place == Imported
            ? timestampMs >= range.FromMs && timestampMs < range.ToMs
            : place >= range.FromOffset && place < range.ToOffset);

    // A file merged from two archives does not store which archive a row's offset belongs to, so the row's time determines it.
    private string EarlierArchiveCase(FileOrigin origin) => origin == FileOrigin.Archive ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"WHEN {(origin == FileOrigin.Both ? $"timestamp_ms < {BeginMs}" : "true")} THEN {EarlierArchive} ");

    private static string NameOf(TickSource source) => System.Text.Encoding.UTF8.GetString(source.Utf8Name());
}

/// <summary>The ranges of records and times that are read from the lake for a partition.</summary>
/// <param name="FromOffset">
/// The first record to read; <see cref="ArchiveHandover.EarlierArchive"/> to include the ticks of earlier archives.
/// </param>
/// <param name="ToOffset">The first record that is not read, because the archive still holds it.</param>
/// <param name="FromMs">The earliest time of imported ticks, Unix ms, UTC.</param>
/// <param name="ToMs">The exclusive end of the times of imported ticks, Unix ms, UTC.</param>
public readonly record struct HandoverRange(long FromOffset, long ToOffset, long FromMs, long ToMs);

/// <summary>The archives from which the ticks of a file come. Imported ticks do not count.</summary>
internal enum FileOrigin
{
    /// <summary>Only the current archive.</summary>
    Archive,

    /// <summary>Only earlier archives, or no archive because all ticks were imported.</summary>
    EarlierArchive,

    /// <summary>The current archive and earlier ones.</summary>
    Both,
}
