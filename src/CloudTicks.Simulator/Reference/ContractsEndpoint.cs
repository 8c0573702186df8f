using System.Globalization;
using System.Text.Json;
using CloudTicks.Foundations;
using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Simulator.Synthetic;

namespace CloudTicks.Simulator.Reference;

/// <summary>Serves <c>/v3/reference/options/contracts</c>.</summary>
internal sealed class ContractsEndpoint(TimeProvider time)
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 1_000;

    public RestResponse Get(HttpRequest request)
    {
        var cursor = PageCursor.Of(request);
        var parameters = cursor.Parameters;
        var limit = parameters.Limit(DefaultLimit, MaxLimit);
        var contracts = Sort(
            parameters.Select(NewYork.DayOf(time.GetUtcNow())),
            parameters.Choice("sort", "ticker", "underlying_ticker", "expiration_date", "strike_price"));
        var ordered = parameters.IsAscending(isAscendingByDefault: true) ? contracts : contracts.Reverse();
        var position = (int)(cursor.Number() ?? 0);
        var page = ordered.Skip(position).Take(limit + 1).ToList();
        return RestResponse.Page(page.Take(limit).Select(Row), page.Count > limit ? cursor.NextUrl(request, position + limit) : null);
    }

    private static IEnumerable<OptionContract> Sort(IEnumerable<OptionContract> contracts, string? by) => by switch
    {
        "expiration_date" => contracts.OrderBy(contract => contract.Expiry).ThenBy(contract => contract.Ticker, StringComparer.Ordinal),
        "strike_price" => contracts.OrderBy(contract => contract.StrikeMills).ThenBy(contract => contract.Ticker, StringComparer.Ordinal),
        _ => contracts.OrderBy(contract => contract.Ticker, StringComparer.Ordinal),
    };

    private static ReadOnlyMemory<byte> Row(OptionContract contract) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        cfi = contract.IsCall ? "OCASPS" : "OPASPS",
        contract_type = contract.IsCall ? "call" : "put",
        exercise_style = "american",
        expiration_date = contract.Expiry.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        primary_exchange = "BATO",
        shares_per_contract = 100,
        strike_price = contract.Strike,
        ticker = contract.Ticker,
        underlying_ticker = contract.Underlying,
    });
}
