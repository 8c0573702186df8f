using System.Text;

namespace CloudTicks.EventStream.Records;

/// <summary>One header of a record.</summary>
/// <param name="Name">Its name; names may repeat.</param>
/// <param name="Value">Its bytes.</param>
public readonly record struct RecordHeader(string Name, ReadOnlyMemory<byte> Value)
{
    /// <summary>A header whose value is text, in UTF-8.</summary>
    public static RecordHeader OfText(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));

    /// <summary>The value as UTF-8 text.</summary>
    public string Text => Encoding.UTF8.GetString(Value.Span);
}
