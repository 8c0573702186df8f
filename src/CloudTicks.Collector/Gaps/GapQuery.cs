using System.Globalization;
using CloudTicks.Collection.Gaps;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collector.Gaps;

/// <summary>The parameters of <c>GET /api/v1/gaps</c>, with what is wrong with them by name.</summary>
internal sealed class GapQuery
{
    private const int StandardLimit = 1_000;
    private const int MostGaps = 50_000;

    private static readonly string[] Names = ["symbol", "state", "from", "to", "limit"];

    private readonly Dictionary<string, string[]> _problems = [];

    public GapQuery(IQueryCollection query)
    {
        foreach (var (name, values) in query)
        {
            if (!Names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                Refuse(name, $"There is no such parameter; there are: {string.Join(", ", Names)}.");
            }
            else if (values.Count > 1)
            {
                Refuse(name, "It is given more than once.");
            }
        }

        var (from, to) = (Time(query, "from"), Time(query, "to"));
        if (from > to)
        {
            Refuse("from", "It is later than 'to'.");
        }

        Filter = new GapFilter(Symbol(query["symbol"]), State(query["state"]), from, to, Limit(query["limit"]));
    }

    public GapFilter Filter { get; }

    /// <summary>What is wrong, by parameter; empty when nothing is.</summary>
    public IDictionary<string, string[]> Problems => _problems;

    private Symbol? Symbol(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (Ticks.Symbol.TryParse(text, out var symbol))
        {
            return symbol;
        }

        Refuse("symbol", "It is no symbol, such as EURUSD, EUR/USD, AAPL, BTC-USD or O:SPY251219C00650000.");
        return null;
    }

    private GapState? State(string? text)
    {
        var state = default(GapState);
        if (text is not null && !GapNames.TryParse(text, out state))
        {
            Refuse("state", $"There is no such state; there are: {GapNames.AllStates}.");
        }

        return text is null ? null : state;
    }

    private long? Time(IQueryCollection query, string name)
    {
        if ((string?)query[name] is not { } text)
        {
            return null;
        }

        // A plus sign that was not escaped arrives as a blank.
        if (TimeText.TryParse(text.Replace(' ', '+'), out var ms))
        {
            return ms;
        }

        Refuse(name, TimeText.Hint);
        return null;
    }

    private int Limit(string? text)
    {
        if (text is null)
        {
            return StandardLimit;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostGaps)
        {
            return limit;
        }

        Refuse("limit", $"It must be a whole number from 1 to {MostGaps}.");
        return StandardLimit;
    }

    private void Refuse(string name, string why) => _problems.TryAdd(name, [why]);
}
