using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Tests.Files;

/// <summary>Writes and reads files of ticks in tests.</summary>
internal static class TickFile
{
    public static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    public static Symbol Symbol(string name) => Ticks.Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name);

    public static Price Price(string text) =>
        Ticks.Price.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var price) ? price : throw new ArgumentException(text);

    public static Tick Quote(string symbol, long timestampMs, string bid, string ask) => new()
    {
        Symbol = Symbol(symbol),
        Kind = TickKind.Quote,
        TimestampMs = timestampMs,
        ReceivedMs = timestampMs + 12,
        Bid = Price(bid),
        Ask = Price(ask),
        Fields = TickFields.Bid | TickFields.Ask,
    };

    /// <summary>Returns the rows of a query, each as a JSON object.</summary>
    public static List<string> Rows(string sql)
    {
        using var database = DuckDbDatabase.Open(new DuckDbSettings());
        using var connection = database.Connect();
        TickHashFunction.Register(connection);
        using var result = connection.Query($"SELECT to_json(r)::VARCHAR FROM ({sql}) r", TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (result.TryRead(out var chunk))
        {
            for (var i = 0; i < chunk.Count; i++)
            {
                rows.Add(System.Text.Encoding.UTF8.GetString(chunk[0].Bytes(i)));
            }
        }

        return rows;
    }
}
