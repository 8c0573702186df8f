using CloudTicks.Ticks;

namespace CloudTicks.Collection.Symbols;

internal sealed record SelectedSymbols(IReadOnlyList<Symbol> Symbols, FeedSelection? Feed)
{
    /// <summary>Whether nothing has to be changed to get from one to the other.</summary>
    public bool IsSameAs(SelectedSymbols other) => Feed == other.Feed && Symbols.SequenceEqual(other.Symbols);
}
