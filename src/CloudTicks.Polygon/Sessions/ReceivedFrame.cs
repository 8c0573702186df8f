using System.Buffers;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Sessions;

/// <summary>A message of the feed in a pooled buffer. The reader of the queue must call <see cref="Return"/>.</summary>
/// <param name="Market">The market of the connection that received the message.</param>
/// <param name="Buffer">The pooled buffer, which may be longer than the message.</param>
/// <param name="Length">The length of the message in bytes.</param>
/// <param name="ReceivedMs">The time at which the message's last byte was read, Unix ms, UTC.</param>
public readonly record struct ReceivedFrame(Market Market, byte[] Buffer, int Length, long ReceivedMs)
{
    /// <summary>The bytes of the message.</summary>
    public ReadOnlyMemory<byte> Bytes => Buffer.AsMemory(0, Length);

    internal static ReceivedFrame Copy(Market market, ReadOnlySpan<byte> message, long receivedMs)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(buffer);
        return new ReceivedFrame(market, buffer, message.Length, receivedMs);
    }

    /// <summary>Returns the buffer to the pool; the message must not be used afterwards.</summary>
    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}
