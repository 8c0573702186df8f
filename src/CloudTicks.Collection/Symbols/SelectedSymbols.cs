using CloudTicks.Collection.Subscriptions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Symbols;

/// <summary>What is to be collected.</summary>
/// <param name="Symbols">The symbols by priority, each once.</param>
/// <param name="Feed">Quotes, trades or both.</param>
internal sealed record SelectedSymbols(IReadOnlyList<Symbol> Symbols, FeedSelection? Feed)
{
    /// <summary>Whether nothing has to be changed to get from one to the other.</summary>
    public bool IsSameAs(SelectedSymbols other) => Feed == other.Feed && Symbols.SequenceEqual(other.Symbols);
}
