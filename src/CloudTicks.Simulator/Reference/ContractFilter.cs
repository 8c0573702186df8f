using System.Globalization;
using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Simulator.Synthetic;
using Microsoft.Extensions.Primitives;

namespace CloudTicks.Simulator.Reference;

internal static class ContractFilter
{
    // The first year that a contract name can mean, because names contain only two digits of the year.
    private const int FirstYear = 1970;
    private const int FirstUnsupportedYear = 2070;

    private static readonly string[] Comparisons = ["", ".gt", ".gte", ".lt", ".lte"];

    /// <exception cref="RestRequestException">A parameter cannot be read.</exception>
    public static IEnumerable<OptionContract> Select(this IReadOnlyDictionary<string, StringValues> parameters, DateOnly today)
    {
        var day = parameters.Text("as_of") is { } asOf ? ParseDay("as_of", asOf) : today;
        var isExpired = parameters.Choice("expired", "true", "false") == "true";
        var type = parameters.Choice("contract_type", "call", "put");
        var underlying = parameters.Text("underlying_ticker")
            ?? (OptionContract.TryParse(parameters.Text("ticker") ?? "", out var one) ? one.Underlying : "");
        var contracts = ContractBook.Of(underlying, day)
            .Where(contract => contract.Expiry < day == isExpired)
            .Where(contract => type is null || contract.IsCall == (type == "call"))
            .Where(contract => parameters.Text("ticker") is not { } ticker || contract.Ticker == ticker);
        foreach (var comparison in Comparisons)
        {
            if (parameters.Text($"expiration_date{comparison}") is { } expiry)
            {
                var bound = ParseDay($"expiration_date{comparison}", expiry);
                contracts = contracts.Where(contract => Matches(contract.Expiry.CompareTo(bound), comparison));
            }

            if (parameters.Text($"strike_price{comparison}") is { } strike)
            {
                var bound = ParseStrike($"strike_price{comparison}", strike);
                contracts = contracts.Where(contract => Matches(contract.Strike.CompareTo(bound), comparison));
            }
        }

        return contracts;
    }

    private static bool Matches(int order, string comparison) => comparison switch
    {
        ".gt" => order > 0,
        ".gte" => order >= 0,
        ".lt" => order < 0,
        ".lte" => order <= 0,
        _ => order == 0,
    };

    private static DateOnly ParseDay(string name, string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year is >= FirstYear and < FirstUnsupportedYear
        ? day
        : throw new RestRequestException($"'{name}' must be a date such as 2025-01-27, not '{text}'.");

    private static decimal ParseStrike(string name, string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var strike)
        ? strike
        : throw new RestRequestException($"'{name}' must be a number, not '{text}'.");
}
