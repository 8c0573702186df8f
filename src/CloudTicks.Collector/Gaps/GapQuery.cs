using CloudTicks.Collection.Gaps;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collector.Gaps;

internal static class GapQuery
{
    private const int DefaultLimit = 1_000;
    private const int MaxLimit = 50_000;

    /// <summary>Reads the filter from a query. Errors are added to those of <paramref name="parameters"/>.</summary>
    public static GapFilter Read(IQueryCollection query, out QueryParameters parameters)
    {
        parameters = new QueryParameters(query, "symbol", "state", "from", "to", "limit");
        var symbol = parameters.TryGet<Symbol>("symbol", Symbol.TryParse!, Symbol.HintFor(query["symbol"]), out var named) ? named : null;
        GapState? state = parameters.TryGet<GapState>("state", TickNames.TryParse, TickNames.StateHint, out var known) ? known : null;
        long? from = parameters.TryGet<long>("from", TimeText.TryParseUnescaped, TimeText.Hint, out var first) ? first : null;
        long? to = parameters.TryGet<long>("to", TimeText.TryParseUnescaped, TimeText.Hint, out var last) ? last : null;
        if (from > to)
        {
            parameters.Refuse("from", "It is later than 'to'.");
        }

        return new GapFilter(symbol, state, from, to, parameters.Limit(DefaultLimit, MaxLimit));
    }
}
