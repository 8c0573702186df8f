namespace CloudTicks.Verification.Reconciling;

/// <summary>One kind of ticks of one symbol.</summary>
/// <param name="Symbol">The normalised name, which implies the market.</param>
internal readonly record struct Series(string Symbol, bool IsTrade) : IComparable<Series>
{
    public string Kind => IsTrade ? "trade" : "quote";

    public int CompareTo(Series other) =>
        string.CompareOrdinal(Symbol, other.Symbol) is var order and not 0 ? order : IsTrade.CompareTo(other.IsTrade);

    public override string ToString() => $"{Symbol} {Kind}";
}
