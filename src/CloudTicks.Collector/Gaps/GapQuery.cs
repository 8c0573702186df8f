using CloudTicks.Collection.Gaps;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collector.Gaps;

internal static class GapQuery
{
    private const int StandardLimit = 1_000;
    private const int MostGaps = 50_000;

    /// <summary>Reads the filter; what is wrong with it is among the problems of the parameters.</summary>
    public static GapFilter Read(IQueryCollection query, out QueryParameters parameters)
    {
        parameters = new QueryParameters(query, "symbol", "state", "from", "to", "limit");
        var symbol = parameters.TryGet<Symbol>("symbol", Symbol.TryParse!, Symbol.HintFor(query["symbol"]), out var named) ? named : null;
        GapState? state = parameters.TryGet<GapState>("state", TickNames.TryParse, TickNames.StateHint, out var known) ? known : null;
        long? from = parameters.TryGet<long>("from", TimeText.TryParseUnescaped, TimeText.Hint, out var first) ? first : null;
        long? to = parameters.TryGet<long>("to", TimeText.TryParseUnescaped, TimeText.Hint, out var behind) ? behind : null;
        if (from > to)
        {
            parameters.Refuse("from", "It is later than 'to'.");
        }

        return new GapFilter(symbol, state, from, to, parameters.Limit(StandardLimit, MostGaps));
    }
}
