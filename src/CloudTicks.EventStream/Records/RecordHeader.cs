using System.Buffers.Binary;
using System.Text;

namespace CloudTicks.EventStream.Records;

/// <summary>One header of a record.</summary>
/// <param name="Name">The name; several headers of a record may have the same name.</param>
/// <param name="Value">The bytes of the value.</param>
public readonly record struct RecordHeader(string Name, ReadOnlyMemory<byte> Value)
{
    /// <summary>Creates a header with a text value, in UTF-8.</summary>
    public static RecordHeader FromText(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));

    /// <summary>
    /// The value as UTF-8 text. A text sent over AMQP and read from the Kafka endpoint of Event Hubs may still be encoded for AMQP: a type
    /// byte, which no UTF-8 text begins with, then the length in one or four bytes.
    /// </summary>
    public string Text => Encoding.UTF8.GetString(Value.Span[AmqpHeaderBytes(Value.Span)..]);

    private static int AmqpHeaderBytes(ReadOnlySpan<byte> value) => value switch
    {
        [0xA0 or 0xA1, var length, ..] when length == value.Length - 2 => 2,
        [0xB0 or 0xB1, _, _, _, _, ..] when BinaryPrimitives.ReadInt32BigEndian(value[1..]) == value.Length - 5 => 5,
        _ => 0,
    };
}
