using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;
using CloudTicks.Ticks;
using static System.FormattableString;

namespace CloudTicks.Lake.Reading;

/// <summary>Builds the SQL of tick and candle queries. All texts are quoted; everything else is a number.</summary>
internal static class TickSql
{
    /// <summary>The index of the identity, which follows the columns of a file.</summary>
    public static int HashColumn { get; } = TickSchema.Columns.Length;

    /// <summary>The index of the kind: 0 for quotes, 1 for trades.</summary>
    public static int KindColumn { get; } = HashColumn + 1;

    /// <summary>The index of the place in the archive, in a query with <see cref="LakeTickRange.Handover"/>.</summary>
    public static int PlaceColumn { get; } = KindColumn + 1;

    /// <summary>
    /// Builds the query for ticks in the order of the table. Several files may have the same tick: the copy with the lowest archive offset
    /// is first, or with a handover the copy with the highest place in the archive.
    /// </summary>
    public static string Ticks(LakeTickRange range, long fromMs, long toMs, IReadOnlyList<FilesOfKind> files)
    {
        var direction = range.IsBackward ? " DESC" : "";
        var after = range.After is { } last
            ? Invariant($"WHERE (timestamp_ms, coalesce(sequence, 0), tick_hash) {(range.IsBackward ? '<' : '>')} ")
                + Invariant($"({last.TimestampMs}, {last.Sequence}, {(long)last.Identity})")
            : "";
        var limit = range.BatchRows is { } rows ? Invariant($"LIMIT {rows}") : "";
        var names = TickSchema.Names;
        var (place, copies) = range.Handover is null ? ("", "archive_offset") : (", place", "place DESC");
        return $"""
            SELECT {names}, tick_hash, tick_kind{place} FROM ({Union(range, names, fromMs, toMs, files)}) {after}
            ORDER BY timestamp_ms{direction}, coalesce(sequence, 0){direction}, tick_hash{direction}, {copies} {limit}
            """;
    }

    /// <summary>Builds the query for candles, which equal those that <c>CandleHistory</c> computes from the table.</summary>
    /// <param name="areDistinct">Whether no tick is in more than one of the files.</param>
    public static string Candles(
        LakeCandleRange range, long fromMs, long toMs, IReadOnlyList<FilesOfKind> files, bool areDistinct)
    {
        const string bothSides = "tick_kind = 0 AND bid > 0 AND ask > 0";
        const string names = "timestamp_ms, sequence, size AS exact_size, "
            + $"{ExactDoubleFunction.Name}(bid) AS bid, {ExactDoubleFunction.Name}(ask) AS ask, {ExactDoubleFunction.Name}(price) AS price";
        var value = range.Price == TickKind.Trade ? "CASE WHEN tick_kind = 1 THEN price END"
            : $"CASE WHEN {bothSides} THEN (bid + ask) / 2 END";
        var distinct = areDistinct ? "" : "DISTINCT ON (timestamp_ms, tick_hash)";
        var crossedFilter = range.WithoutCrossed ? "WHERE NOT coalesce(bid > ask AND ask > 0, false)" : "";
        var place = "{'t': timestamp_ms, 's': coalesce(sequence, 0), 'h': tick_hash}";
        var length = range.LengthMs;
        return Invariant($"""
            SELECT start, arg_min(value, place), max(value), min(value), arg_max(value, place), sum(volume)::VARCHAR, count(value),
                avg(spread)
            FROM (
                SELECT timestamp_ms - ((timestamp_ms % {length}) + {length}) % {length} AS start, {value} AS value,
                    CASE WHEN tick_kind = 1 THEN exact_size END AS volume, CASE WHEN {bothSides} THEN ask - bid END AS spread,
                    {place} AS place
                FROM (SELECT {distinct} * FROM ({Union(range.Symbol, names, fromMs, toMs, files)})) {crossedFilter})
            GROUP BY start HAVING count(value) > 0 ORDER BY start
            """);
    }

    private static string Union(
        LakeTickRange range, string names, long fromMs, long toMs, IReadOnlyList<FilesOfKind> files) =>
        string.Join(" UNION ALL ", files.Select(part => Select(
            part, range.Market, range.Handover is { } handover ? $"{names}, {handover.PlaceIn(part.Origin)} AS place" : names, fromMs, toMs)
            + (range.Symbols.Count == 0 ? "" : $" AND symbol IN ({Names(range.Symbols)})")
            + (range.Handover is null ? "" : $" AND {range.Handover.FilterIn(part.Origin)}")));

    private static string Union(
        Symbol symbol, string names, long fromMs, long toMs, IReadOnlyList<FilesOfKind> files) =>
        string.Join(" UNION ALL ", files.Select(
            part => $"{Select(part, symbol.Market, names, fromMs, toMs)} AND symbol = {SqlText.Quote(symbol.Name)}"));

    private static string Names(IEnumerable<Symbol> symbols) => string.Join(", ", symbols.Select(symbol => SqlText.Quote(symbol.Name)));

    private static string Select(FilesOfKind part, Market market, string names, long fromMs, long toMs) => Invariant($"""
        SELECT {names}, {TickHashFunction.Call(SqlText.Quote(part.Kind.Name()), SqlText.Quote(market.Name()))} AS tick_hash,
            {(part.Kind == TickKind.Trade ? 1 : 0)} AS tick_kind
        FROM read_parquet({SqlText.Quote(part.Paths)}, hive_partitioning = false)
        WHERE timestamp_ms >= {fromMs} AND timestamp_ms < {toMs}
        """);
}

/// <summary>The local paths of the files of one kind; at least one.</summary>
internal readonly record struct FilesOfKind(TickKind Kind, IReadOnlyList<string> Paths)
{
    /// <summary>The archives from which the files come; used only with <see cref="LakeTickRange.Handover"/>.</summary>
    public FileOrigin Origin { get; init; }
}
