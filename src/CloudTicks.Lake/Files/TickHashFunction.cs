using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Lake.Files;

/// <summary>
/// The SQL function that computes a tick's identity from its columns. Files do not store the identity: it does not compress, and would
/// take more than half of a file.
/// </summary>
internal static unsafe class TickHashFunction
{
    public const string Name = "tick_identity";

    /// <summary>The part of the error message by which callers recognize the failure that a row is not a tick.</summary>
    public const string InvalidRowError = "is not a tick";

    // Positions in the chunk: kind and market precede the file's columns.
    private const int Kind = 0;
    private const int MarketName = 1;
    private const int LeadingParameters = 2;

    private static readonly TickColumn[] IdentityColumns =
    [
        TickColumn.Symbol, TickColumn.TimestampMs, TickColumn.Bid, TickColumn.Ask, TickColumn.BidSize, TickColumn.AskSize,
        TickColumn.Price, TickColumn.Size, TickColumn.Exchange, TickColumn.BidExchange, TickColumn.AskExchange, TickColumn.Sequence,
        TickColumn.TradeId, TickColumn.ExactText,
    ];

    [ThreadStatic]
    private static TickRowReader? _reader;

    /// <summary>An SQL call of the function with the columns of a file.</summary>
    /// <param name="kind">An SQL expression for the kind.</param>
    /// <param name="market">An SQL expression for the market.</param>
    public static string Call(string kind, string market) =>
        $"{Name}({kind}, {market}, {string.Join(", ", IdentityColumns.Select(column => TickSchema.Columns[(int)column].Name))})";

    /// <summary>Registers the function in a connection's database.</summary>
    public static void Register(DuckDbConnection connection) => DuckDbFunction.Register(
        connection, Name,
        [
            TickSchema.CreateType(TickSchema.Text), TickSchema.CreateType(TickSchema.Text),
            .. IdentityColumns.Select(column => TickSchema.CreateType(TickSchema.Columns[(int)column].Type)),
        ],
        TickSchema.CreateType(TickSchema.LongNumber), &Run);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Run(nint info, nint input, nint output)
    {
        try
        {
            Compute(input, output);
        }
        catch (Exception failed) when (
            failed is FormatException or OverflowException or System.Text.Json.JsonException or ArgumentException)
        {
            DuckDbVectorMethods.SetFunctionError(info, $"A row of the lake {InvalidRowError}: {failed.Message}");
        }
    }

    private static void Compute(nint input, nint output)
    {
        var reader = _reader ??= NewReader();
        var chunk = new DuckDbChunk(input); // DuckDB owns the chunk, so it is not disposed of
        var results = new Span<ulong>(DuckDbVectorMethods.VectorData(output), chunk.Count);
        var tick = default(Tick);
        for (var row = 0; row < results.Length; row++)
        {
            var kind = chunk[Kind].Bytes(row).SequenceEqual(TickKind.Quote.Utf8Name()) ? TickKind.Quote : TickKind.Trade;
            var market = System.Text.Encoding.UTF8.GetString(chunk[MarketName].Bytes(row));
            reader.Read(
                chunk, row, kind, TickNames.TryParse(market, out Market known) ? known : throw new FormatException(
                    $"'{market}' is not a market."),
                ref tick);
            results[row] = TickIdentity.Of(tick);
        }
    }

    private static TickRowReader NewReader()
    {
        var columns = new int[TickSchema.Columns.Length];
        Array.Fill(columns, -1);
        for (var i = 0; i < IdentityColumns.Length; i++)
        {
            columns[(int)IdentityColumns[i]] = i + LeadingParameters;
        }

        return new TickRowReader(columns);
    }
}
