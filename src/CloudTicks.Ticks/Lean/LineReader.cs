namespace CloudTicks.Ticks.Lean;

/// <summary>Reads the lines of a stream as bytes into a reused buffer.</summary>
public sealed class LineReader(Stream stream) : IDisposable
{
    private const int MaxLineBytes = 4096;

    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>Whether the next bytes, up to a line end, belong to a line that was reported as too long.</summary>
    private bool _isInLongLine;

    /// <summary>The number of the last line read, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Reads the next line that is not empty.</summary>
    /// <param name="line">The line without its end, LF or CRLF; valid until the next call.</param>
    /// <exception cref="LeanFormatException">The line is too long to be a row. The next call reads the line after it.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (TryReadAny(out line))
        {
            if (!line.IsEmpty)
                return true;
        }

        return false;
    }

    /// <summary>Closes the stream.</summary>
    public void Dispose() => stream.Dispose();

    private bool TryReadAny(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (_isInLongLine)
            {
                _start = length >= 0 ? _start + length + 1 : _end;
                _isInLongLine = length < 0 && !_atEnd;
                if (_isInLongLine)
                {
                    Fill();
                }
            }
            else if (length >= 0 || (_atEnd && _end > _start))
            {
                var text = _buffer.AsSpan(_start, length >= 0 ? length : _end - _start);
                _start += text.Length + (length >= 0 ? 1 : 0);
                Number++;
                line = text is [.., (byte)'\r'] ? text[..^1] : text;
                return true;
            }
            else if (_atEnd)
            {
                line = default;
                return false;
            }
            else
            {
                Fill();
            }
        }
    }

    private void Fill()
    {
        if (_end - _start > MaxLineBytes)
        {
            Number++;
            _isInLongLine = true;
            throw new LeanFormatException($"the line is longer than {MaxLineBytes} bytes");
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        var read = stream.Read(_buffer.AsSpan(_end));
        _end += read;
        _atEnd = read == 0;
    }
}
