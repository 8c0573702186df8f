using CloudTicks.Ticks;

namespace CloudTicks.Collection.Symbols;

internal sealed record SelectedSymbols(IReadOnlyList<Symbol> Symbols, FeedSelection? Feed)
{
    /// <summary>Whether both select the same channels in the same order.</summary>
    public bool IsSameAs(SelectedSymbols other) => Feed == other.Feed && Symbols.SequenceEqual(other.Symbols);
}
