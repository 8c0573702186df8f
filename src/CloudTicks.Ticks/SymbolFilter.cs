using System.Diagnostics.CodeAnalysis;
using System.IO.Enumeration;

namespace CloudTicks.Ticks;

/// <summary>
/// Selects symbols by names in any form, and by patterns with <c>*</c> and <c>?</c>. Case matters only in stock tickers without wildcards.
/// </summary>
public sealed class SymbolFilter
{
    private readonly HashSet<Symbol> _symbols = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<string> _patterns = [];

    private SymbolFilter()
    {
    }

    /// <summary>Matches every symbol.</summary>
    public static SymbolFilter All { get; } = new();

    /// <summary>Whether every symbol matches.</summary>
    public bool IsAll => _symbols.Count == 0 && _patterns.Count == 0;

    /// <summary>The matching symbols; null when there are patterns, or when every symbol matches.</summary>
    public IReadOnlyCollection<Symbol>? Symbols => _patterns.Count > 0 || IsAll ? null : _symbols;

    /// <summary>Parses names and patterns.</summary>
    /// <param name="texts">Names and patterns; without any, every symbol matches.</param>
    public static bool TryParse(
        IEnumerable<string> texts, [NotNullWhen(true)] out SymbolFilter? filter, [NotNullWhen(false)] out string? fault)
    {
        filter = new SymbolFilter();
        foreach (var text in texts)
        {
            if (text.AsSpan().ContainsAny('*', '?') && !text.StartsWith('-'))
            {
                filter._patterns.Add(text);
            }
            else if (Symbol.TryParse(text, out var symbol))
            {
                filter._symbols.Add(symbol);
                filter._names.Add(symbol.Name);
            }
            else
            {
                (filter, fault) = (null, $"'{text}': {Symbol.HintFor(text)}");
                return false;
            }
        }

        fault = null;
        return true;
    }

    /// <summary>Whether a symbol matches.</summary>
    public bool Matches(Symbol symbol) => IsAll || _symbols.Contains(symbol) || MatchesPattern(symbol.Name);

    /// <summary>Whether a normalised name matches.</summary>
    public bool Matches(string name) => IsAll || _names.Contains(name) || MatchesPattern(name);

    private bool MatchesPattern(string name)
    {
        foreach (var pattern in _patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name))
            {
                return true;
            }
        }

        return false;
    }
}
