using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Symbols;

/// <summary>
/// Chooses the contracts that the connections have room for. The nearest expiries go first, of all shares alike; of the expiry that does
/// not fit whole, the strikes in the middle of what the exchange lists, for it lists them around the price.
/// </summary>
internal static class ContractChoice
{
    /// <summary>Contracts that one connection can hold.</summary>
    public const int PerConnection = 1_000;

    /// <summary>Chooses.</summary>
    /// <param name="listed">The contracts of each share, in the shares' order.</param>
    /// <param name="room">How many fit.</param>
    /// <returns>The contracts, those first that are dropped last.</returns>
    public static IReadOnlyList<Symbol> Choose(IEnumerable<IReadOnlyList<OptionContract>> listed, int room) =>
    [
        .. listed.SelectMany(
            (contracts, share) => contracts.GroupBy(contract => contract.Expires).SelectMany(expiry => Ranked(expiry, share)))
            .OrderBy(ranked => ranked.Contract.Expires).ThenBy(ranked => ranked.FromMiddle).ThenBy(ranked => ranked.Share)
            .ThenBy(ranked => ranked.Contract.Symbol.Name, StringComparer.Ordinal)
            .Select(ranked => ranked.Contract.Symbol).Distinct().Take(Math.Max(room, 0)),
    ];

    private static IEnumerable<(OptionContract Contract, int FromMiddle, int Share)> Ranked(IEnumerable<OptionContract> expiry, int share)
    {
        var contracts = expiry.ToArray();
        var strikes = contracts.Select(contract => contract.Strike).Distinct().Order().ToArray();
        return contracts.Select(
            contract => (contract, Math.Abs((2 * Array.BinarySearch(strikes, contract.Strike)) - (strikes.Length - 1)), share));
    }
}
