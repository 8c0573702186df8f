namespace CloudTicks.Ticks.Symbols;

/// <summary>Why a text that can be a symbol probably is none.</summary>
/// <param name="Reason">A sentence.</param>
/// <param name="Nearest">What was probably meant; null when that cannot be told.</param>
public sealed record SymbolDoubt(string Reason, string? Nearest)
{
    /// <summary>The reason and the question.</summary>
    public override string ToString() => Nearest is null ? Reason : $"{Reason} Did you mean {Nearest}?";
}
