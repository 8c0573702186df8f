using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Timescale.Queries;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Querying;

internal static class TickParameters
{
    /// <summary>Reads the symbol in the path, in any notation; a slash may be written <c>%2F</c>.</summary>
    public static Symbol? Symbol(this QueryParameters parameters, string? text)
    {
        // The server decodes every escape in a path except %2F.
        if (Ticks.Symbol.TryParse(text?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), out var symbol))
        {
            return symbol;
        }

        parameters.Refuse("symbol", Ticks.Symbol.HintFor(text));
        return null;
    }

    /// <summary>Reads the symbol of the query; null when absent or invalid.</summary>
    public static Symbol? Symbol(this QueryParameters parameters) => parameters.Text("symbol") is { } text ? parameters.Symbol(text) : null;

    /// <summary>Reads a time as Unix ms, rounded up because ticks have whole milliseconds; null when absent or invalid.</summary>
    public static long? Time(this QueryParameters parameters, string name) =>
        parameters.TryGet<long>(name, TimeText.TryParseUnescaped, TimeText.Hint, out var ms) ? ms : null;

    /// <summary>Reads the state of gaps; null when absent or invalid.</summary>
    public static GapState? GapState(this QueryParameters parameters) =>
        parameters.TryGet<GapState>("state", TickNames.TryParse, TickNames.StateHint, out var state) ? state : null;

    /// <summary>Reads the kind of ticks; null when absent or invalid.</summary>
    public static TickKind? Kind(this QueryParameters parameters) =>
        parameters.TryGet<TickKind>("kind", TickNames.TryParse, "It must be quote or trade.", out var kind) ? kind : null;

    /// <summary>
    /// Reads the kind of ticks whose prices make the candles: quotes (their mid price) or trades; null when absent or invalid.
    /// </summary>
    public static TickKind? CandlePrice(this QueryParameters parameters) =>
        parameters.TryGet<TickKind>("price", TryParsePrice, "It must be mid or trade.", out var kind) ? kind : null;

    /// <summary>Returns whether crossed quotes are omitted: <c>crossed=false</c>.</summary>
    public static bool WithoutCrossed(this QueryParameters parameters) =>
        parameters.TryGet<bool>("crossed", bool.TryParse, "It must be true or false.", out var crossed) && !crossed;

    /// <summary>Reads the cursor after which ticks are requested; null when absent or invalid.</summary>
    public static TickCursor? Cursor(this QueryParameters parameters) =>
        parameters.TryGet<TickCursor>("cursor", TickCursor.TryParse, TickCursor.Hint, out var cursor) ? cursor : null;

    /// <summary>Refuses a time range that ends before it begins.</summary>
    public static void RefuseReversedRange(this QueryParameters parameters, long? fromMs, long? toMs)
    {
        if (fromMs > toMs)
        {
            parameters.Refuse("from", "It is later than 'to'.");
        }
    }

    private static bool TryParsePrice(string text, out TickKind kind)
    {
        kind = text == "trade" ? TickKind.Trade : TickKind.Quote;
        return text is "mid" or "trade";
    }
}
