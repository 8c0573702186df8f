using CloudTicks.CentralHub.Spelling;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.CentralHub.Lists;

/// <summary>What to say of a symbol that does not look like one of its market.</summary>
public static class SymbolAdvice
{
    /// <summary>How a doubtful symbol is accepted all the same.</summary>
    public const string Cure = "To take it as it is, add --force (?force=true over HTTP).";

    private static readonly Lazy<HashSet<string>> Listed = new(ReadLists);

    /// <summary>Why it is doubtful, and what was probably meant: by its form, else among the symbols of the program's lists.</summary>
    /// <returns>Null when it is not doubtful.</returns>
    public static SymbolDoubt? Of(Symbol symbol) => SymbolGrammar.DoubtOf(symbol) is { Nearest: null } doubt
        ? doubt with { Nearest = NearestTo(symbol) } : SymbolGrammar.DoubtOf(symbol);

    /// <summary>The symbol of the program's lists that differs by one letter; null when none does.</summary>
    public static string? NearestTo(Symbol symbol) => NearestName.Of(symbol.Name, Listed.Value, 1);

    /// <summary>Whether the symbol is one of the program's lists or a pair of major currencies, so that it need not be looked up.</summary>
    public static bool IsListed(Symbol symbol) => SymbolGrammar.IsMajorPair(symbol) || Listed.Value.Contains(symbol.Name);

    private static HashSet<string> ReadLists()
    {
        try
        {
            return [.. new NamedLists(null).Read(NamedLists.All).Select(symbol => symbol.Name)];
        }
        catch (SymbolListException)
        {
            // Without the files nothing is near.
            return [];
        }
    }
}
