using System.Buffers;

namespace CloudTicks.Relay.Clients;

/// <summary>One WebSocket message that is being gathered: an array of events, in a pooled buffer.</summary>
internal sealed class OutgoingMessage(int firstBytes, long since)
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(firstBytes);

    /// <summary>When its first event came, a timestamp of the clock.</summary>
    public long Since => since;

    /// <summary>Bytes with the brackets.</summary>
    public int Length { get; private set; }

    public int Events { get; private set; }

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <param name="events">Events joined by commas.</param>
    public void Append(ReadOnlySpan<byte> events, int count)
    {
        if (Length + events.Length + 2 > _bytes.Length)
            Grow(Length + events.Length + 2);
        // A comma replaces the bracket that closed the message.
        var at = Math.Max(0, Length - 1);
        _bytes[at++] = (byte)(Length == 0 ? '[' : ',');
        events.CopyTo(_bytes.AsSpan(at));
        at += events.Length;
        _bytes[at++] = (byte)']';
        Length = at;
        Events += count;
    }

    /// <summary>Gives the buffer back; the message must not be used any more.</summary>
    public void Return()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, 2 * _bytes.Length));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
