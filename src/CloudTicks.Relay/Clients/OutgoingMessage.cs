using CloudTicks.Polygon.Serving.Sessions;

namespace CloudTicks.Relay.Clients;

/// <summary>A WebSocket message under construction: an array of events, with room for the frame's header before it.</summary>
internal sealed class OutgoingMessage(long since)
{
    private const int Start = TextFrame.MaxHeaderBytes;

    private readonly List<byte[]> _blocks = [MessageBlocks.Shared.Rent()];
    private int _end = Start;

    /// <summary>When the first event was appended, as a timestamp of the time provider.</summary>
    public long Since => since;

    /// <summary>The length including brackets, in bytes.</summary>
    public int Length { get; private set; }

    public int Events { get; private set; }

    /// <param name="events">Events joined by commas.</param>
    public void Append(ReadOnlySpan<byte> events, int count)
    {
        // For all but the first events, a comma replaces the closing bracket.
        if (Length == 0)
            Write("["u8);
        else
            _blocks[^1][_end - 1] = (byte)',';
        Write(events);
        Write("]"u8);
        Events += count;
    }

    /// <summary>Returns the message in pieces, with or without the frame's header.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ToPieces(bool hasHeader)
    {
        var header = hasHeader ? TextFrame.WriteHeader(_blocks[0].AsSpan(0, Start), Length) : 0;
        var pieces = new ReadOnlyMemory<byte>[_blocks.Count];
        for (var index = 0; index < pieces.Length; index++)
        {
            var from = index == 0 ? Start - header : 0;
            var to = index == pieces.Length - 1 ? _end : MessageBlocks.BlockBytes;
            pieces[index] = _blocks[index].AsMemory(from, to - from);
        }

        return pieces;
    }

    /// <summary>Returns the memory; the message must not be used afterwards.</summary>
    public void Return()
    {
        MessageBlocks.Shared.Return(_blocks);
        _blocks.Clear();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        while (bytes.Length > 0)
        {
            if (_end == MessageBlocks.BlockBytes)
            {
                _blocks.Add(MessageBlocks.Shared.Rent());
                _end = 0;
            }

            var part = bytes[..Math.Min(bytes.Length, MessageBlocks.BlockBytes - _end)];
            part.CopyTo(_blocks[^1].AsSpan(_end));
            _end += part.Length;
            bytes = bytes[part.Length..];
        }
    }
}
