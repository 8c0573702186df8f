using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Spool;

/// <summary>Reads the good records of one file in their order, and steps over what is damaged.</summary>
internal sealed class SegmentReader(Disk disk, string path, long firstSequence) : IDisposable
{
    private const int ChunkBytes = 1 << 20;
    private const int PageBytes = 4096;

    private readonly DiskFile _file = disk.OpenToRead(path);
    private byte[] _buffer = new byte[ChunkBytes];
    private long _bufferAt;
    private int _buffered;
    private long _lastSequence = firstSequence - 1;

    public long Position { get; private set; } = SpoolSegment.HeadBytes;

    public long GoodEnd { get; private set; } = SpoolSegment.HeadBytes;

    /// <summary>The head of the last record whose value is damaged; null when there was none.</summary>
    public SpoolFrame? Damaged { get; private set; }

    /// <summary>Reads the next good record whose number is higher than those before.</summary>
    /// <param name="value">Its bytes, until the next call.</param>
    public bool TryRead(long end, out SpoolFrame frame, out ReadOnlySpan<byte> value)
    {
        value = default;
        while (Fill(SpoolFrame.HeadBytes, end))
        {
            if (!SpoolFrame.TryRead(Buffered, out frame))
            {
                Position += NextHead();
                continue;
            }

            if (!Fill(frame.Bytes, end))
            {
                return false;
            }

            value = Buffered.Slice(SpoolFrame.HeadBytes, frame.Length);
            Position += frame.Bytes;
            if (frame.Sequence <= _lastSequence)
            {
                continue; // written again after a failure
            }

            if (SpoolFrame.Crc(value) != frame.ValueCrc)
            {
                Damaged = frame;
                continue;
            }

            (_lastSequence, GoodEnd) = (frame.Sequence, Position);
            return true;
        }

        frame = default;
        return false;
    }

    public void Dispose() => _file.Dispose();

    private ReadOnlySpan<byte> Buffered => _buffer.AsSpan((int)(Position - _bufferAt), (int)(_bufferAt + _buffered - Position));

    /// <summary>Sees to it that so many bytes from the position on are in the buffer.</summary>
    private bool Fill(long bytes, long end)
    {
        if (Position + bytes > end)
        {
            return false;
        }

        if (Position + bytes <= _bufferAt + _buffered)
        {
            return true;
        }

        if (bytes > _buffer.Length)
        {
            _buffer = new byte[bytes];
        }

        (_bufferAt, _buffered) = (Position, 0);
        while (_buffered < bytes)
        {
            var room = (int)Math.Min(_buffer.Length - _buffered, end - _bufferAt - _buffered);
            var read = Read(_buffer.AsSpan(_buffered, room), _bufferAt + _buffered);
            if (read == 0)
            {
                return false;
            }

            _buffered += read;
        }

        return true;
    }

    /// <summary>An unreadable page counts as zeros: its records are damaged, those behind it are not.</summary>
    private int Read(Span<byte> room, long at)
    {
        try
        {
            return _file.Read(at, room);
        }
        catch (IOException)
        {
            var page = room[..(int)Math.Min(room.Length, PageBytes - (at % PageBytes))];
            try
            {
                return _file.Read(at, page);
            }
            catch (IOException)
            {
                page.Clear();
                return page.Length;
            }
        }
    }

    /// <summary>How far it is to what may be the next head; at least one byte.</summary>
    private int NextHead()
    {
        var rest = Buffered[1..];
        var at = rest.IndexOf(SpoolFrame.Magic);
        // The last bytes of the buffer may be the beginning of a magic number.
        return 1 + (at >= 0 ? at : Math.Max(rest.Length - (SpoolFrame.Magic.Length - 1), 0));
    }
}
