using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Globalization;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.Collection.Symbols;

/// <summary>Configured symbol names: a list (<c>Symbols:0</c>, ...), or one text with commas or blanks for environment variables.</summary>
[TypeConverter(typeof(TextConverter))]
public sealed class SymbolNames : Collection<string>
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

    private sealed class TextConverter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => value is string text
            ? new SymbolNames(SymbolText.Split(text))
            : base.ConvertFrom(context, culture, value);
    }
}
