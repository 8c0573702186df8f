using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Querying;

/// <summary>The parameters that questions about ticks and gaps share.</summary>
internal static class TickParameters
{
    /// <summary>A symbol of the path, in any form; a slash may be written <c>%2F</c>.</summary>
    public static Symbol? Symbol(this QueryParameters parameters, string? text)
    {
        // The server leaves only this escape in a path.
        if (Ticks.Symbol.TryParse(text?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), out var symbol))
        {
            return symbol;
        }

        parameters.Refuse("symbol", Ticks.Symbol.Hint);
        return null;
    }

    /// <summary>The symbol of the query; null when it is not given, or wrong.</summary>
    public static Symbol? Symbol(this QueryParameters parameters) => parameters.Text("symbol") is { } text ? parameters.Symbol(text) : null;

    /// <summary>A time in Unix ms, rounded up: no tick has a fraction. Null when it is not given, or wrong.</summary>
    public static long? Time(this QueryParameters parameters, string name) =>
        parameters.TryGet<long>(name, TimeText.TryParseUnescaped, TimeText.Hint, out var ms) ? ms : null;

    /// <summary>The state of gaps; null when it is not given, or wrong.</summary>
    public static GapState? GapState(this QueryParameters parameters) =>
        parameters.TryGet<GapState>("state", GapNames.TryParse, GapNames.StateHint, out var state) ? state : null;
}
