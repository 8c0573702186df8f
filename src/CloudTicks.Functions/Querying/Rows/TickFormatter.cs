using System.Globalization;
using System.Text.Json;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Functions.Querying.Rows;

/// <summary>Writes a tick. The JSON has the fields of the message on <c>ticks.{symbol}</c>, then the table's other columns.</summary>
internal sealed class TickFormatter : RowFormatter<MarketTick>
{
    public static TickFormatter Instance { get; } = new();

    public override string Columns =>
        "symbol,timestamp_ms,kind,bid,ask,bid_size,ask_size,price,size,exchange,conditions,sequence,trade_id,source,received_ms,id";

    public override void Write(Utf8JsonWriter json, MarketTick row)
    {
        json.WriteString("symbol"u8, row.Symbol);
        json.WriteNumber("timestamp_ms"u8, row.TimestampMs);
        Number(json, "bid", row.Bid);
        Number(json, "ask", row.Ask);
        Number(json, "bid_size", row.BidSize);
        Number(json, "ask_size", row.AskSize);
        Number(json, "price", row.Price);
        Number(json, "size", row.Size);
        json.WriteNumber("received_ms"u8, row.ReceivedMs);
        json.WriteString("id"u8, Id(row));
        if (row.Source != "live")
        {
            json.WriteString("source"u8, row.Source);
        }

        json.WriteString("kind"u8, row.Kind);
        Number(json, "exchange", row.Exchange);
        Number(json, "sequence", row.Sequence);
        if (row.TradeId is not null)
        {
            json.WriteString("trade_id"u8, row.TradeId);
        }

        if (row.Conditions is { } conditions)
        {
            json.WriteStartArray("conditions"u8);
            foreach (var condition in conditions)
            {
                json.WriteNumberValue(condition);
            }

            json.WriteEndArray();
        }
    }

    public override void Write(CsvLine csv, MarketTick row) => csv
        .Add(row.Symbol).Add(row.TimestampMs).Add(row.Kind).Add(row.Bid).Add(row.Ask).Add(row.BidSize).Add(row.AskSize).Add(row.Price)
            .Add(row.Size)
        .Add(row.Exchange).Add(row.Conditions is null ? null : string.Join(' ', row.Conditions)).Add(row.Sequence).Add(row.TradeId)
            .Add(row.Source)
        .Add(row.ReceivedMs).Add(Id(row));

    private static string Id(MarketTick row) => row.Identity.ToString("x16", CultureInfo.InvariantCulture);
}
