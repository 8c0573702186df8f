using System.Buffers.Binary;

namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>Writes the header of a text message that a server sends in one frame (RFC 6455, 5.2).</summary>
internal static class TextFrame
{
    /// <summary>Maximum length of a header, in bytes.</summary>
    public const int MaxHeaderBytes = 10;

    private const byte FinalText = 0x81;
    private const byte LengthOf16Bits = 126;
    private const byte LengthOf64Bits = 127;

    /// <summary>Writes the header directly before a message.</summary>
    /// <param name="before">The <see cref="MaxHeaderBytes"/> bytes before the message. The header fills the last of them.</param>
    /// <returns>The length of the header.</returns>
    public static int WriteHeader(Span<byte> before, int messageBytes)
    {
        var length = messageBytes < LengthOf16Bits ? 2 : messageBytes <= ushort.MaxValue ? 4 : MaxHeaderBytes;
        var header = before[^length..];
        header[0] = FinalText;
        header[1] = length switch { 2 => (byte)messageBytes, 4 => LengthOf16Bits, _ => LengthOf64Bits };
        if (length == 4)
            BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)messageBytes);
        else if (length > 4)
            BinaryPrimitives.WriteInt64BigEndian(header[2..], messageBytes);
        return length;
    }
}
