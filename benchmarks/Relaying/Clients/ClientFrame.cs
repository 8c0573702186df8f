using System.Buffers.Binary;

namespace CloudTicks.Benchmarks.Relaying.Clients;

/// <summary>Frames that a client sends (RFC 6455), masked with zeros.</summary>
internal static class ClientFrame
{
    private const byte Final = 0x80;
    private const byte Masked = 0x80;
    private const byte TextCode = 1;
    private const byte PongCode = 10;
    private const byte LengthOf16Bits = 126;
    private const int MaskBytes = 4;

    /// <param name="text">The text, at most 65,535 bytes.</param>
    public static byte[] Text(ReadOnlySpan<byte> text)
    {
        var headerBytes = text.Length < LengthOf16Bits ? 2 : 4;
        var frame = new byte[headerBytes + MaskBytes + text.Length];
        frame[0] = Final | TextCode;
        frame[1] = (byte)(Masked | (headerBytes == 2 ? text.Length : LengthOf16Bits));
        if (headerBytes > 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)text.Length);
        }

        text.CopyTo(frame.AsSpan(headerBytes + MaskBytes));
        return frame;
    }

    public static byte[] Pong() => [Final | PongCode, Masked, 0, 0, 0, 0];
}
