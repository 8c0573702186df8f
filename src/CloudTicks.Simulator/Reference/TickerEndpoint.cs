using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Simulator.Synthetic;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.Simulator.Reference;

/// <summary>Serves <c>/v3/reference/tickers/{ticker}</c> and <c>/v3/reference/options/contracts/{ticker}</c>.</summary>
internal static class TickerEndpoint
{
    public static RestResponse Get(string ticker)
    {
        // The names of pairs have no dash in reference data.
        var isPair = ticker.StartsWith("C:", StringComparison.Ordinal) || ticker.StartsWith("X:", StringComparison.Ordinal);
        return (isPair ? Symbol.TryParse(ticker, out var symbol) : TickerName.TryParse(ticker, out symbol))
            && Instrument.Exists(symbol) && SymbolGrammar.WarningOf(symbol) is null
            ? new RestResponse(StatusCodes.Status200OK, writer =>
            {
                writer.WriteStartObject("results"u8);
                writer.WriteString("ticker"u8, ticker);
                writer.WriteString("name"u8, $"{symbol} (simulated)");
                writer.WriteBoolean("active"u8, true);
                writer.WriteEndObject();
                writer.WriteString("status"u8, "OK"u8);
            })
            : RestResponse.NotFound("Ticker not found.");
    }
}
