using System.Text.Json;
using CloudTicks.History;
using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Relay.Rest;

/// <summary>
/// Handles <c>/v2/last/trade/{ticker}</c>, <c>/v2/last/nbbo/{ticker}</c> and <c>/v1/last_quote/currencies/{from}/{to}</c> from the table,
/// and from the lake for a symbol without a tick in the table.
/// </summary>
internal sealed class LastEndpoint(LatestTicks latest, TableBoundary boundary, LakeCoverage lake, ITickHistory history)
{
    private delegate void TickWriter(Utf8JsonWriter writer, scoped in Tick tick);

    public Task<RestResponse> TradeAsync(string ticker, CancellationToken cancellationToken) => RespondAsync(
        ticker, TickKind.Trade, (writer, scoped in tick) => WriteResults(writer, ticker, tick, LastRow.WriteTrade), cancellationToken);

    public Task<RestResponse> QuoteAsync(string ticker, CancellationToken cancellationToken) => RespondAsync(
        ticker, TickKind.Quote, (writer, scoped in tick) => WriteResults(writer, ticker, tick, LastRow.WriteQuote), cancellationToken);

    public Task<RestResponse> PairAsync(string from, string to, CancellationToken cancellationToken) => RespondAsync(
        $"C:{from}-{to}", TickKind.Quote, (writer, scoped in tick) => WritePair(writer, $"{from}/{to}", tick), cancellationToken);

    private async Task<RestResponse> RespondAsync(string ticker, TickKind kind, TickWriter write, CancellationToken cancellationToken)
    {
        if (!TickerName.TryParseAny(ticker, out var symbol))
        {
            return RestResponse.NotFound(
                $"'{ticker}' is not a ticker of any market. Examples: AAPL, O:SPY251219C00650000, C:EURUSD, X:BTCUSD.");
        }

        if (await latest.ReadAsync(symbol.Name, kind, cancellationToken) is not { } row)
        {
            var tableMs = await boundary.ReadAsync(cancellationToken);
            var isInLake = await lake.CoversAsync(tableMs, cancellationToken);
            if (!isInLake || await ReadOlderAsync(symbol, kind, tableMs, cancellationToken) is not { } older)
            {
                return Absence(ticker, kind, tableMs, isInLake);
            }

            row = older;
        }

        var reader = new TableTick(symbol, kind);
        return new RestResponse(StatusCodes.Status200OK, writer =>
        {
            var tick = default(Tick);
            reader.Read(row, ref tick);
            write(writer, tick);
        });
    }

    private async Task<MarketTick?> ReadOlderAsync(Symbol symbol, TickKind kind, long toMs, CancellationToken cancellationToken)
    {
        var range = new TickRange { Symbol = symbol.Name, Kind = kind, ToMs = toMs, Limit = 1 };
        await using var page = await history.OpenAsync(symbol, range, cancellationToken);
        return await page.ReadAsync(cancellationToken).FirstOrDefaultAsync(cancellationToken);
    }

    private static RestResponse Absence(string ticker, TickKind kind, long tableMs, bool isInLake)
    {
        var name = kind == TickKind.Quote ? "quote" : "trade";
        var begin = RelayHistory.FormatTime(tableMs);
        return RestResponse.NotFound(isInLake
            ? $"There is no {name} of {ticker}: neither the table, which begins at {begin}, nor the lake has one."
            : $"There is no {name} of {ticker} since the table's beginning at {begin}; older ones are under /v3/{name}s.");
    }

    private static void WriteResults(Utf8JsonWriter writer, string ticker, scoped in Tick tick, TickWriter fields)
    {
        writer.WriteStartObject("results"u8);
        writer.WriteString("T"u8, ticker);
        fields(writer, tick);
        writer.WriteEndObject();
        writer.WriteString("status"u8, "OK"u8);
    }

    private static void WritePair(Utf8JsonWriter writer, string pair, scoped in Tick tick)
    {
        writer.WriteStartObject("last"u8);
        JsonFields.Write(writer, "ask"u8, tick.Ask, tick.Has(TickFields.Ask));
        JsonFields.Write(writer, "bid"u8, tick.Bid, tick.Has(TickFields.Bid));
        JsonFields.Write(writer, "exchange"u8, tick.Exchange, tick.Has(TickFields.Exchange));
        writer.WriteNumber("timestamp"u8, tick.TimestampMs);
        writer.WriteEndObject();
        writer.WriteString("status"u8, "success"u8);
        writer.WriteString("symbol"u8, pair);
    }
}
