using System.Globalization;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Reading;

/// <summary>
/// Selects the ticks that a client reads from the lake before it continues in the archive: those whose records the archive no longer holds.
/// Imported ticks have no record, so their time decides. Ticks that were entered by hand or replayed are left out.
/// </summary>
public sealed record ArchiveHandover
{
    /// <summary>The place of ticks of an earlier archive, before all records of the current one.</summary>
    public const long EarlierArchive = -1;

    private const long Imported = -2;

    /// <summary>The identity of the archive's stream.</summary>
    public required string Stream { get; init; }

    /// <summary>The time of the archive's oldest record, Unix ms, UTC: ticks of an earlier archive are older.</summary>
    public required long BeginMs { get; init; }

    /// <summary>The number of the archive's partitions.</summary>
    public required int Partitions { get; init; }

    /// <summary>The ranges by partition; ticks of other partitions are not read.</summary>
    public required IReadOnlyDictionary<int, HandoverRange> Ranges { get; init; }

    /// <summary>An SQL list of the sources that are read.</summary>
    internal static string Sources { get; } = string.Join(
        ", ", new[] { TickSource.Live, TickSource.Backfill, TickSource.Import }.Select(source => SqlText.Quote(NameOf(source))));

    internal FileOrigin OriginOf(IReadOnlyList<string> streams) => !streams.Contains(Stream) ? FileOrigin.EarlierArchive
        : streams.Count == 1 ? FileOrigin.Archive : FileOrigin.Both;

    /// <summary>
    /// An SQL expression for the place of a row in the archive: its offset or a negative constant. Of the copies of a tick the highest
    /// place decides, because the archive sends the tick if it still holds any of them.
    /// </summary>
    internal string PlaceIn(FileOrigin origin) => string.Create(
        CultureInfo.InvariantCulture,
        $"CASE WHEN source = {SqlText.Quote(NameOf(TickSource.Import))} THEN {Imported} {Earlier(origin)}ELSE archive_offset END");

    internal bool Selects(Symbol symbol, long timestampMs, long place) =>
        Ranges.TryGetValue(symbol.PartitionOf(Partitions), out var range) && (place == Imported
            ? timestampMs >= range.FromMs && timestampMs < range.ToMs
            : place >= range.FromOffset && place < range.ToOffset);

    // A file merged from ticks of two archives does not tell which archive a row's offset is from, so the row's time decides.
    private string Earlier(FileOrigin origin) => origin == FileOrigin.Archive ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"WHEN {(origin == FileOrigin.Both ? $"timestamp_ms < {BeginMs}" : "true")} THEN {EarlierArchive} ");

    private static string NameOf(TickSource source) => System.Text.Encoding.UTF8.GetString(source.Utf8Name());
}

/// <summary>What is read from the lake for a partition.</summary>
/// <param name="FromOffset">
/// The first record; <see cref="ArchiveHandover.EarlierArchive"/> to include the ticks of earlier archives.
/// </param>
/// <param name="ToOffset">The first record that the archive still holds.</param>
/// <param name="FromMs">The earliest time of imported ticks, Unix ms, UTC.</param>
/// <param name="ToMs">The time after that of the last imported ticks, Unix ms, UTC.</param>
public readonly record struct HandoverRange(long FromOffset, long ToOffset, long FromMs, long ToMs);

/// <summary>Whose ticks a file has, besides imported ones.</summary>
internal enum FileOrigin
{
    /// <summary>Those of the current archive.</summary>
    Archive,

    /// <summary>Those of earlier archives, or only imported ones.</summary>
    EarlierArchive,

    /// <summary>Those of the current and of earlier archives.</summary>
    Both,
}
