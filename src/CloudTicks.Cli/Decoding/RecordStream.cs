using System.Buffers.Binary;
using System.Globalization;

namespace CloudTicks.Cli.Decoding;

/// <summary>Reads records as kcat prints them for <c>%R%s</c>: a 4-byte big-endian length (-1: no value), then the value.</summary>
internal sealed class RecordStream(Stream input)
{
    /// <summary>The maximum length of a value, bytes. The archive's records are at most a quarter as long.</summary>
    public const int MaxRecordBytes = 1024 * 1024;

    private const int LengthBytes = sizeof(int);
    private const int NoValue = -1;

    private readonly byte[] _buffer = new byte[MaxRecordBytes + LengthBytes];
    private int _start;
    private int _end;

    /// <summary>The position of the next record in the input, in bytes.</summary>
    public long Position { get; private set; }

    /// <summary>Reads the next record from the buffer.</summary>
    /// <param name="value">The record's value, empty when it has none; valid until <see cref="Fill"/>.</param>
    /// <returns>False when the record is incomplete: call <see cref="Fill"/>.</returns>
    /// <exception cref="RecordStreamException">The input is not a record.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (_end - _start < LengthBytes)
        {
            return false;
        }

        var announcedLength = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        if (announcedLength is < NoValue or > MaxRecordBytes)
        {
            throw new RecordStreamException(string.Create(
                CultureInfo.InvariantCulture,
                $"At byte {Position} of the input a record should begin, but its length is {announcedLength}; the maximum is "
                    + $"{MaxRecordBytes}. Is the input what kcat prints for -f '%R%s', without -Z?"));
        }

        var length = Math.Max(announcedLength, 0);
        if (_end - _start - LengthBytes < length)
        {
            return false;
        }

        value = _buffer.AsMemory(_start + LengthBytes, length);
        _start += LengthBytes + length;
        Position += LengthBytes + length;
        return true;
    }

    /// <summary>Waits for more of the input.</summary>
    /// <returns>False when the input has ended.</returns>
    /// <exception cref="RecordStreamException">The input ends within a record.</exception>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public bool Fill()
    {
        // The unread bytes are at most an incomplete record, so the buffer always has space after them.
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var read = input.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        if (read == 0 && _end > 0)
        {
            throw new RecordStreamException(string.Create(
                CultureInfo.InvariantCulture,
                $"The input ends within a record, at byte {Position + _end}; the record begins at byte {Position}."));
        }

        return read > 0;
    }
}
