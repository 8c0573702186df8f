using System.Text.Json;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>Writes the members of a row, and omits those that the tick does not have.</summary>
internal static class JsonFields
{
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long value, bool isPresent)
    {
        if (isPresent)
            writer.WriteNumber(name, value);
    }

    /// <summary>Writes an exact number with all its digits.</summary>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Price value, bool isPresent)
    {
        if (!isPresent)
            return;
        Span<byte> text = stackalloc byte[Price.MaxTextBytes];
        writer.WritePropertyName(name);
        writer.WriteRawValue(text[..value.Format(text)], skipInputValidation: true);
    }

    /// <summary>Writes a list, unless the list is empty.</summary>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<int> values)
    {
        if (values.IsEmpty)
            return;
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }
}
