using System.Buffers;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Sessions;

/// <summary>A message of the feed in a pooled buffer; whoever takes it out of the queue gives it back by <see cref="Return"/>.</summary>
/// <param name="Market">The market of the connection that it came from.</param>
/// <param name="Buffer">Pooled, longer than the message.</param>
/// <param name="Length">Bytes of the message.</param>
/// <param name="ReceivedMs">When its last byte was read, Unix ms, UTC.</param>
public readonly record struct ReceivedFrame(Market Market, byte[] Buffer, int Length, long ReceivedMs)
{
    /// <summary>The message.</summary>
    public ReadOnlyMemory<byte> Bytes => Buffer.AsMemory(0, Length);

    internal static ReceivedFrame Copy(Market market, ReadOnlySpan<byte> message, long receivedMs)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(buffer);
        return new ReceivedFrame(market, buffer, message.Length, receivedMs);
    }

    /// <summary>Gives the buffer back; the message must not be used any more.</summary>
    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}
