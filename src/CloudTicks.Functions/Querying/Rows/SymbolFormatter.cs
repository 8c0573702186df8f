using System.Text.Json;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Functions.Querying.Rows;

/// <summary>Writes a symbol of the table, with the age of its latest tick.</summary>
internal sealed class SymbolFormatter(long nowMs) : RowFormatter<SymbolSummary>
{
    public override string Columns => "symbol,count,first_timestamp_ms,last_timestamp_ms,age_ms";

    public override void Write(Utf8JsonWriter json, SymbolSummary row)
    {
        json.WriteString("symbol"u8, row.Symbol);
        json.WriteNumber("count"u8, row.Count);
        json.WriteNumber("first_timestamp_ms"u8, row.FirstTimestampMs);
        json.WriteNumber("last_timestamp_ms"u8, row.LastTimestampMs);
        json.WriteNumber("age_ms"u8, nowMs - row.LastTimestampMs);
    }

    public override void Write(CsvLine csv, SymbolSummary row) => csv
        .Add(row.Symbol).Add(row.Count).Add(row.FirstTimestampMs).Add(row.LastTimestampMs).Add(nowMs - row.LastTimestampMs);
}
