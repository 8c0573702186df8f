using System.Buffers.Binary;
using System.Text;

namespace CloudTicks.EventStream.Records;

/// <summary>One header of a record.</summary>
/// <param name="Name">Its name; names may repeat.</param>
/// <param name="Value">Its bytes.</param>
public readonly record struct RecordHeader(string Name, ReadOnlyMemory<byte> Value)
{
    /// <summary>A header whose value is text, in UTF-8.</summary>
    public static RecordHeader OfText(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));

    /// <summary>
    /// The value as UTF-8 text. A text that was sent by AMQP and is read by the Kafka endpoint of Event Hubs may still be in AMQP's own
    /// form: a byte for its type, which begins no UTF-8, then its length in one byte or four.
    /// </summary>
    public string Text => Encoding.UTF8.GetString(Value.Span[AmqpHead(Value.Span)..]);

    private static int AmqpHead(ReadOnlySpan<byte> value) => value switch
    {
        [0xA0 or 0xA1, var length, ..] when length == value.Length - 2 => 2,
        [0xB0 or 0xB1, _, _, _, _, ..] when BinaryPrimitives.ReadInt32BigEndian(value[1..]) == value.Length - 5 => 5,
        _ => 0,
    };
}
