using System.Diagnostics.CodeAnalysis;

namespace CloudTicks.Ticks.Gaps;

/// <summary>Markets, kinds and states as gap records, the table <c>feed_gaps</c> and the HTTP interface name them. The names never change.</summary>
public static class GapNames
{
    private static readonly Names<Market> Markets = new(
        (Market.Stock, "stock"), (Market.Option, "option"), (Market.Forex, "forex"), (Market.Crypto, "crypto"));

    private static readonly Names<TickKind> Kinds = new((TickKind.Quote, "quote"), (TickKind.Trade, "trade"));

    private static readonly Names<GapState> States = new(
        (GapState.Open, "open"), (GapState.Filling, "filling"), (GapState.Filled, "filled"), (GapState.Unfillable, "unfillable"));

    /// <summary>What to say when a text is no state.</summary>
    public static string StateHint => $"There is no such state; there are: {States.All}.";

    /// <summary>The market's name.</summary>
    /// <param name="market">A defined market.</param>
    /// <returns><c>stock</c>, <c>option</c>, <c>forex</c> or <c>crypto</c>.</returns>
    public static string Name(this Market market) => Markets.Of(market);

    /// <summary>The kind's name.</summary>
    /// <param name="kind">A defined kind.</param>
    /// <returns><c>quote</c> or <c>trade</c>.</returns>
    public static string Name(this TickKind kind) => Kinds.Of(kind);

    /// <summary>The state's name.</summary>
    /// <param name="state">A defined state.</param>
    /// <returns><c>open</c>, <c>filling</c>, <c>filled</c> or <c>unfillable</c>.</returns>
    public static string Name(this GapState state) => States.Of(state);

    /// <summary>Reads a market's name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="market">The market.</param>
    /// <returns>False when there is none of this name.</returns>
    public static bool TryParse(string? name, out Market market) => Markets.TryFind(name, out market);

    /// <summary>Reads a kind's name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="kind">The kind.</param>
    /// <returns>False when there is none of this name.</returns>
    public static bool TryParse(string? name, out TickKind kind) => Kinds.TryFind(name, out kind);

    /// <summary>Reads a state's name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="state">The state.</param>
    /// <returns>False when there is none of this name.</returns>
    public static bool TryParse(string? name, out GapState state) => States.TryFind(name, out state);

    private sealed class Names<T>(params (T Value, string Name)[] entries)
        where T : struct, Enum
    {
        public string All => string.Join(", ", entries.Select(entry => entry.Name));

        public string Of(T value)
        {
            foreach (var entry in entries)
            {
                if (EqualityComparer<T>.Default.Equals(entry.Value, value))
                {
                    return entry.Name;
                }
            }

            throw new ArgumentOutOfRangeException(nameof(value), value, "It has no name.");
        }

        public bool TryFind([NotNullWhen(true)] string? name, out T value)
        {
            var index = Array.FindIndex(entries, entry => entry.Name == name);
            value = index < 0 ? default : entries[index].Value;
            return index >= 0;
        }
    }
}
