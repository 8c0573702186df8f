using System.Globalization;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.Querying;

/// <summary>Reads the parameters of a question, and collects what is wrong with them by name.</summary>
internal sealed class QueryParameters
{
    private readonly IQueryCollection _query;
    private readonly Dictionary<string, string[]> _problems = [];

    /// <param name="query">The request's query.</param>
    /// <param name="known">The names that the question has; others are a problem.</param>
    public QueryParameters(IQueryCollection query, params string[] known)
    {
        _query = query;
        foreach (var name in query.Keys.Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            Refuse(name, $"There is no such parameter; there are: {string.Join(", ", known)}.");
        }
    }

    /// <summary>What is wrong, by parameter; empty when nothing is.</summary>
    public IDictionary<string, string[]> Problems => _problems;

    /// <summary>A symbol in any form; a slash may be written <c>%2F</c>.</summary>
    public Symbol? Symbol(string? text)
    {
        // The server leaves only this escape in a path.
        if (Ticks.Symbol.TryParse(text?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), out var symbol))
        {
            return symbol;
        }

        Refuse("symbol", "It is no symbol, such as EURUSD, EUR/USD, AAPL, BTC-USD or O:SPY251219C00650000.");
        return null;
    }

    /// <summary>A time in Unix ms, rounded up: no tick has a fraction. Null when it is not given, or wrong.</summary>
    public long? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        // In a query, a plus sign that was not escaped arrives as a blank.
        if (TimeText.TryParse(text.Replace(' ', '+'), out var ms))
        {
            return ms;
        }

        Refuse(name, TimeText.Hint);
        return null;
    }

    /// <summary>The symbol of the query; null when it is not given, or wrong.</summary>
    public Symbol? Symbol() => Text("symbol") is { } text ? Symbol(text) : null;

    /// <summary>The state of gaps; null when it is not given, or wrong.</summary>
    public GapState? GapState()
    {
        if (Text("state") is not { } text)
        {
            return null;
        }

        if (GapNames.TryParse(text, out GapState state))
        {
            return state;
        }

        Refuse("state", $"There is no such state; there are: {GapNames.AllStates}.");
        return null;
    }

    /// <summary>A number from 1 to a bound.</summary>
    public int Limit(int standard, int most)
    {
        if (Text("limit") is not { } text)
        {
            return standard;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= most)
        {
            return limit;
        }

        Refuse("limit", $"It must be a whole number from 1 to {most}.");
        return standard;
    }

    public void Refuse(string name, string why) => _problems.TryAdd(name, [why]);

    private string? Text(string name)
    {
        var values = _query[name];
        if (values.Count > 1)
        {
            Refuse(name, "It is given more than once.");
        }

        return values.Count == 1 ? values[0] : null;
    }
}
