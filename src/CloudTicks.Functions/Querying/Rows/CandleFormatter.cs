using System.Text.Json;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Functions.Querying.Rows;

internal sealed class CandleFormatter(string symbol) : RowFormatter<Candle>
{
    public override string Columns => "symbol,timestamp_ms,open,high,low,close,volume,count,spread";

    public override void Write(Utf8JsonWriter json, Candle row)
    {
        json.WriteString("symbol"u8, symbol);
        json.WriteNumber("timestamp_ms"u8, row.TimestampMs);
        json.WriteNumber("open"u8, row.Open);
        json.WriteNumber("high"u8, row.High);
        json.WriteNumber("low"u8, row.Low);
        json.WriteNumber("close"u8, row.Close);
        Number(json, "volume", row.Volume);
        json.WriteNumber("count"u8, row.Count);
        Number(json, "spread", row.Spread);
    }

    public override void Write(CsvLine csv, Candle row) => csv
        .Add(symbol).Add(row.TimestampMs).Add(row.Open).Add(row.High).Add(row.Low).Add(row.Close).Add(row.Volume).Add(row.Count)
            .Add(row.Spread);
}
