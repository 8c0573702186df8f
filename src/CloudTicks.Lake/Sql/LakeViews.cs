using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Sql;

/// <summary>The views <c>ticks</c>, <c>quotes</c> and <c>trades</c>, and the columns of the table <c>gaps</c>.</summary>
internal static class LakeViews
{
    /// <summary>The name of the table of newer ticks of a kind and market, which has the columns of a file.</summary>
    public static string RecentTable(TickKind kind, Market market) => $"recent_{kind.Name()}_{market.Name()}";

    /// <summary>The column definitions of the table of gaps.</summary>
    public const string GapsDefinition =
        "id VARCHAR, market VARCHAR, symbol VARCHAR, kind VARCHAR, from_ms BIGINT, to_ms BIGINT, cause VARCHAR, found_by VARCHAR, "
        + "state VARCHAR, recovered BIGINT, detail VARCHAR, changed_ms BIGINT";

    private static readonly (TickKind Kind, Market Market)[] Series =
    [
        (TickKind.Quote, Market.Stock), (TickKind.Quote, Market.Option), (TickKind.Quote, Market.Forex), (TickKind.Quote, Market.Crypto),
        (TickKind.Trade, Market.Stock), (TickKind.Trade, Market.Option), (TickKind.Trade, Market.Crypto),
    ];

    /// <summary>The statements that create the views.</summary>
    /// <param name="files">Paths by kind and market.</param>
    /// <param name="recent">Kinds and markets that have a table of newer ticks.</param>
    public static IEnumerable<string> Statements(
        IReadOnlyDictionary<(TickKind Kind, Market Market), List<string>> files, IReadOnlySet<(TickKind Kind, Market Market)> recent)
    {
        yield return $"CREATE OR REPLACE VIEW ticks AS {Union(Series, files, recent)}";
        yield return $"CREATE OR REPLACE VIEW quotes AS {Union(Series.Where(series => series.Kind == TickKind.Quote), files, recent)}";
        yield return $"CREATE OR REPLACE VIEW trades AS {Union(Series.Where(series => series.Kind == TickKind.Trade), files, recent)}";
    }

    /// <summary>The query for the rows of the files of one kind and market, from which all views are built.</summary>
    public static string OfFiles(TickKind kind, Market market, IEnumerable<string> paths) =>
        Select(kind, market, $"read_parquet({SqlText.Quote(paths)}, hive_partitioning = false)");

    private static string Union(
        IEnumerable<(TickKind Kind, Market Market)> all, IReadOnlyDictionary<(TickKind Kind, Market Market), List<string>> files,
        IReadOnlySet<(TickKind Kind, Market Market)> recent)
    {
        var parts = new List<string>();
        foreach (var series in all)
        {
            if (files.TryGetValue(series, out var paths) && paths.Count > 0)
            {
                parts.Add(OfFiles(series.Kind, series.Market, paths));
            }

            if (recent.Contains(series))
            {
                parts.Add(Select(series.Kind, series.Market, RecentTable(series.Kind, series.Market)));
            }
        }

        return parts.Count > 0 ? string.Join(" UNION ALL ", parts)
            : $"{Select(TickKind.Quote, Market.Forex, $"(SELECT {Empty()})")} WHERE false";
    }

    private static string Empty() =>
        string.Join(", ", TickSchema.Columns.Select(column => $"NULL::{column.Type} AS {column.Name}"));

    private static string Select(TickKind kind, Market market, string from) => $"""
        SELECT symbol, timestamp_ms, make_timestamp(timestamp_ms * 1000) AS time, '{market.Name()}' AS market, '{kind.Name()}' AS kind,
            source,
            {Double("bid")}, {Double("ask")}, {Double("bid_size")}, {Double("ask_size")}, {Double("price")}, {Double("size")},
            coalesce(exchange, bid_exchange) AS exchange, bid_exchange, ask_exchange, conditions, indicators, tape, sequence, trade_id,
            participant_ms, trf_id, trf_ms, vendor_received_ms, timestamp_ms + received_after_ms AS received_ms, flags,
            {TickHashFunction.Call($"'{kind.Name()}'", $"'{market.Name()}'")} AS tick_hash,
            bid AS bid_exact, ask AS ask_exact, bid_size AS bid_size_exact, ask_size AS ask_size_exact, price AS price_exact,
            size AS size_exact, exact_text, archive_partition, archive_offset
        FROM {from}
        """;

    private static string Double(string column) => $"{ExactDoubleFunction.Name}({column}) AS {column}";
}
