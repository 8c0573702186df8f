using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Symbols;

/// <summary>
/// Chooses the option contracts that fit on the connections: nearest expiry first, and per expiry the strikes closest to the middle.
/// </summary>
internal static class ContractChoice
{
    public const int MaxPerConnection = 1_000;

    /// <returns>The contracts, by descending priority.</returns>
    public static IReadOnlyList<Symbol> Choose(IEnumerable<IReadOnlyList<OptionContract>> contractsByStock, int room) =>
    [
        .. contractsByStock.SelectMany(
            (contracts, stockIndex) => contracts.GroupBy(contract => contract.Expires)
                .SelectMany(expiry => Ranked(expiry, stockIndex)))
            .OrderBy(ranked => ranked.Contract.Expires).ThenBy(ranked => ranked.DistanceFromMiddle).ThenBy(ranked => ranked.StockIndex)
            .ThenBy(ranked => ranked.Contract.Symbol.Name, StringComparer.Ordinal)
            .Select(ranked => ranked.Contract.Symbol).Distinct().Take(Math.Max(room, 0)),
    ];

    private static IEnumerable<(OptionContract Contract, int DistanceFromMiddle, int StockIndex)> Ranked(
        IEnumerable<OptionContract> expiry, int stockIndex)
    {
        var contracts = expiry.ToArray();
        var strikes = contracts.Select(contract => contract.Strike).Distinct().Order().ToArray();
        return contracts.Select(
            contract => (contract, Math.Abs((2 * Array.BinarySearch(strikes, contract.Strike)) - (strikes.Length - 1)), stockIndex));
    }
}
