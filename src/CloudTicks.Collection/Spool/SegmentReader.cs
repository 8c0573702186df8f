using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Spool;

/// <summary>Reads the intact records of one file in order and skips damaged bytes.</summary>
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

    public long IntactEnd { get; private set; } = SpoolSegment.HeadBytes;

    /// <summary>The header of the last record whose value is damaged; null when there was none.</summary>
    public SpoolFrame? Damaged { get; private set; }

    /// <summary>Reads the next intact record with a higher number than the previous record.</summary>
    /// <param name="value">The record's bytes, valid until the next call.</param>
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
                // The record was appended again after a failed write.
                continue;
            }

            if (SpoolFrame.Crc(value) != frame.ValueCrc)
            {
                Damaged = frame;
                continue;
            }

            (_lastSequence, IntactEnd) = (frame.Sequence, Position);
            return true;
        }

        frame = default;
        return false;
    }

    public void Dispose() => _file.Dispose();

    private ReadOnlySpan<byte> Buffered => _buffer.AsSpan((int)(Position - _bufferAt), (int)(_bufferAt + _buffered - Position));

    /// <summary>Ensures that the buffer has this many bytes, starting at the position.</summary>
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

    /// <summary>Reads an unreadable disk page as zeros, so that only the records in it count as damaged.</summary>
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

    /// <summary>The distance to the next possible header, at least one byte.</summary>
    private int NextHead()
    {
        var rest = Buffered[1..];
        var at = rest.IndexOf(SpoolFrame.Magic);
        // The last bytes of the buffer may be the start of a magic number.
        return 1 + (at >= 0 ? at : Math.Max(rest.Length - (SpoolFrame.Magic.Length - 1), 0));
    }
}
