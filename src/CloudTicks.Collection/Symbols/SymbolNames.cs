using System.Collections.ObjectModel;
using System.ComponentModel;
using CloudTicks.Foundations;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.Collection.Symbols;

/// <summary>Configured symbol names: a list (<c>Symbols:0</c>, ...), or text separated by commas or spaces.</summary>
[TypeConverter(typeof(TextListConverter<SymbolNames>))]
public sealed class SymbolNames : Collection<string>, ITextList<SymbolNames>
{
    /// <summary>An empty list.</summary>
    public SymbolNames()
    {
    }

    /// <summary>A list of names.</summary>
    public SymbolNames(IEnumerable<string> names)
        : base([.. names])
    {
    }

    /// <inheritdoc/>
    public static SymbolNames Split(string text) => new(SymbolText.Split(text));
}
