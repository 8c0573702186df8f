using System.Globalization;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Files;

/// <summary>Names and types of the columns of a file of ticks.</summary>
internal static class TickSchema
{
    /// <summary>The version of the columns, which each file's metadata stores under <see cref="VersionKey"/>.</summary>
    public const int Version = 1;

    public const string VersionKey = "cloudticks.schema";
    public const string KindKey = "cloudticks.kind";
    public const string MarketKey = "cloudticks.market";

    public const string Text = "VARCHAR";
    public const string Decimal = "DECIMAL(38,18)";
    private const string Number = "INTEGER";
    public const string LongNumber = "BIGINT";
    public const string Numbers = "INTEGER[]";

    /// <summary>The name and SQL type of each column, indexed by <see cref="TickColumn"/>.</summary>
    public static (string Name, string Type)[] Columns { get; } =
    [
        ("symbol", Text), ("timestamp_ms", LongNumber), ("source", Text),
        ("bid", Decimal), ("ask", Decimal), ("bid_size", Decimal), ("ask_size", Decimal), ("price", Decimal), ("size", Decimal),
        ("exchange", Number), ("bid_exchange", Number), ("ask_exchange", Number), ("conditions", Numbers), ("indicators", Numbers),
        ("tape", Number), ("sequence", LongNumber), ("trade_id", Text), ("participant_ms", LongNumber), ("trf_id", Number),
        ("trf_ms", LongNumber), ("vendor_received_ms", LongNumber), ("received_after_ms", LongNumber), ("flags", Number),
        ("exact_text", Text), ("archive_partition", Number), ("archive_offset", LongNumber),
    ];

    /// <summary>The column names, separated by commas.</summary>
    public static string Names { get; } = string.Join(", ", Columns.Select(column => column.Name));

    /// <summary>The column definitions for CREATE TABLE.</summary>
    public static string Definition { get; } = string.Join(", ", Columns.Select(column => $"{column.Name} {column.Type}"));

    /// <summary>The metadata that describes a file's ticks.</summary>
    public static IEnumerable<(string Key, string Value)> Metadata(TickKind kind, Market market) =>
        [(VersionKey, Version.ToString(CultureInfo.InvariantCulture)), (KindKey, kind.Name()), (MarketKey, market.Name())];

    /// <summary>Creates a chunk of these columns for writing.</summary>
    public static DuckDbChunk CreateChunk()
    {
        nint[] types = [.. Columns.Select(column => CreateType(column.Type))];
        try
        {
            return DuckDbChunk.Create(types);
        }
        finally
        {
            foreach (ref var type in types.AsSpan())
            {
                DuckDbVectorMethods.DestroyType(ref type);
            }
        }
    }

    /// <summary>Creates a logical type for a chunk or a function; the caller frees it.</summary>
    public static nint CreateType(string type)
    {
        switch (type)
        {
            case Decimal:
                return DuckDbVectorMethods.CreateDecimalType(38, ExactPrice.Scale);
            case Numbers:
                var element = DuckDbVectorMethods.CreateType(DuckDbType.Integer);
                var list = DuckDbVectorMethods.CreateListType(element);
                DuckDbVectorMethods.DestroyType(ref element);
                return list;
            default:
                return DuckDbVectorMethods.CreateType(
                    type == Text ? DuckDbType.Varchar : type == Number ? DuckDbType.Integer : DuckDbType.BigInt);
        }
    }
}
