using CloudTicks.CentralHub.Spelling;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.CentralHub.Lists;

/// <summary>Explains why a symbol is doubtful.</summary>
public static class SymbolAdvice
{
    /// <summary>How to add a doubtful symbol anyway.</summary>
    public const string ForceHint = "To accept symbols as written, add --force (?force=true over HTTP).";

    private static readonly Lazy<HashSet<string>> ListedSymbols = new(ReadLists);

    /// <summary>Explains why a symbol is doubtful, and suggests a similar one, derived from its form or from the built-in lists.</summary>
    /// <returns>Null when the symbol is not doubtful.</returns>
    public static SymbolWarning? Of(Symbol symbol) => SymbolGrammar.WarningOf(symbol) is { Nearest: null } doubt
        ? doubt with { Nearest = NearestTo(symbol) } : SymbolGrammar.WarningOf(symbol);

    /// <summary>
    /// Returns the most similar symbol of the built-in lists, if it differs by at most one letter or begins with the symbol's name;
    /// otherwise null.
    /// </summary>
    public static string? NearestTo(Symbol symbol) => NearestName.Of(symbol.Name, ListedSymbols.Value, 1);

    /// <summary>Returns whether the symbol is in a built-in list or is a pair of major currencies, so that it needs no lookup.</summary>
    public static bool IsListed(Symbol symbol) => SymbolGrammar.IsMajorPair(symbol) || ListedSymbols.Value.Contains(symbol.Name);

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
