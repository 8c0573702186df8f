namespace CloudTicks.Ticks.Symbols;

/// <summary>Why a text is probably not a symbol, although it can be parsed as one.</summary>
/// <param name="Reason">The reason, as a sentence.</param>
/// <param name="Nearest">The symbol that was probably meant; null when unknown.</param>
public sealed record SymbolWarning(string Reason, string? Nearest)
{
    /// <summary>Returns the reason and the suggestion.</summary>
    public override string ToString() => Nearest is null ? Reason : $"{Reason} Did you mean {Nearest}?";
}
