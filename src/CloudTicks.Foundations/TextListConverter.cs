using System.ComponentModel;
using System.Globalization;

namespace CloudTicks.Foundations;

/// <summary>Converts one configuration text to a list.</summary>
public sealed class TextListConverter<TList> : TypeConverter
    where TList : ITextList<TList>
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    /// <inheritdoc/>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? TList.Split(text) : base.ConvertFrom(context, culture, value);
}
