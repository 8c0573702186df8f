using System.Diagnostics.CodeAnalysis;
using System.IO.Enumeration;

namespace CloudTicks.Ticks;

/// <summary>Wanted symbols: names in any form, and patterns with <c>*</c> and <c>?</c>, ignoring case.</summary>
public sealed class SymbolFilter
{
    private readonly HashSet<Symbol> _symbols = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<string> _patterns = [];

    private SymbolFilter()
    {
    }

    /// <summary>Takes every symbol.</summary>
    public static SymbolFilter All { get; } = new();

    /// <summary>Whether every symbol is taken.</summary>
    public bool IsAll => _symbols.Count == 0 && _patterns.Count == 0;

    /// <summary>The symbols that are taken, when each of them is named; null when patterns, or all, take more.</summary>
    public IReadOnlyCollection<Symbol>? Symbols => _patterns.Count > 0 || IsAll ? null : _symbols;

    /// <summary>Reads what a person wrote.</summary>
    /// <param name="texts">Names and patterns; none of them takes every symbol.</param>
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

    /// <summary>Whether a symbol is taken.</summary>
    public bool Takes(Symbol symbol) => IsAll || _symbols.Contains(symbol) || HasPattern(symbol.Name);

    /// <summary>Whether the symbol of a normalised name is taken.</summary>
    public bool Takes(string name) => IsAll || _names.Contains(name) || HasPattern(name);

    private bool HasPattern(string name)
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
