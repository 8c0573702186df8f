using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Globalization;

namespace CloudTicks.Collection.Symbols;

/// <summary>Configured paths: a list, or one text with commas for environment variables. A path may have blanks.</summary>
[TypeConverter(typeof(TextConverter))]
public sealed class FileNames : Collection<string>
{
    /// <summary>An empty list.</summary>
    public FileNames()
    {
    }

    /// <summary>A list of paths.</summary>
    public FileNames(IEnumerable<string> paths)
        : base([.. paths])
    {
    }

    private sealed class TextConverter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => value is string text
            ? new FileNames(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            : base.ConvertFrom(context, culture, value);
    }
}
