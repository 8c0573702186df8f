using CloudTicks.CentralHub.Spelling;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.CentralHub.Lists;

/// <summary>Explains why a symbol is doubtful.</summary>
public static class SymbolAdvice
{
    /// <summary>How to add a doubtful symbol nevertheless.</summary>
    public const string Cure = "To accept symbols as written, add --force (?force=true over HTTP).";

    private static readonly Lazy<HashSet<string>> Listed = new(ReadLists);

    /// <summary>Explains why a symbol is doubtful and suggests another one, derived from its form or from the built-in lists.</summary>
    /// <returns>Null when it is not doubtful.</returns>
    public static SymbolWarning? Of(Symbol symbol) => SymbolGrammar.WarningOf(symbol) is { Nearest: null } doubt
        ? doubt with { Nearest = NearestTo(symbol) } : SymbolGrammar.WarningOf(symbol);

    /// <summary>Returns the symbol of the built-in lists that differs by one letter; null without one.</summary>
    public static string? NearestTo(Symbol symbol) => NearestName.Of(symbol.Name, Listed.Value, 1);

    /// <summary>Returns whether the symbol is in a built-in list or a pair of major currencies, so that it needs no lookup.</summary>
    public static bool IsListed(Symbol symbol) => SymbolGrammar.IsMajorPair(symbol) || Listed.Value.Contains(symbol.Name);

    private static HashSet<string> ReadLists()
    {
        try
        {
            return [.. new NamedLists(null).Read(NamedLists.All).Select(symbol => symbol.Name)];
        }
        catch (SymbolListException)
        {
            // Without the files there are no suggestions.
            return [];
        }
    }
}
