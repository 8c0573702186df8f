using System.Buffers.Binary;
using CloudTicks.EventHub.Shares;

namespace CloudTicks.EventHub.Records;

/// <summary>A pooled array that grows up to a limit. Without the limit, a few compressed bytes could expand to gigabytes.</summary>
internal sealed class RecordBuffer(int maxBytes) : IDisposable
{
    private byte[] _bytes = [];

    public int MaxBytes => maxBytes;

    public int Length { get; private set; }

    /// <summary>True when a write was refused because it would have exceeded the limit.</summary>
    public bool Overflowed { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Returns the free space after the written bytes, at least <paramref name="count"/> bytes.</summary>
    /// <exception cref="InvalidDataException">The limit would be exceeded.</exception>
    public Span<byte> Reserve(int count)
    {
        if (count > maxBytes - Length)
        {
            Overflowed = true;
            throw new InvalidDataException($"the records are larger than {maxBytes} bytes");
        }

        if (_bytes.Length - Length < count)
        {
            var larger = Buffers.Rent((int)Math.Max(Length + count, Math.Min(2L * _bytes.Length, maxBytes)));
            Span.CopyTo(larger);
            Release();
            _bytes = larger;
        }

        return _bytes.AsSpan(Length);
    }

    /// <summary>Marks reserved bytes as written.</summary>
    public void Advance(int count) => Length += count;

    public void Append(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>
    /// Appends a copy of the bytes that begin <paramref name="distance"/> bytes before the end. If the distance is smaller than
    /// <paramref name="count"/>, these bytes are repeated.
    /// </summary>
    public void AppendCopy(int distance, int count)
    {
        var to = Reserve(count);
        var from = Length - distance;
        if (distance >= count)
        {
            _bytes.AsSpan(from, count).CopyTo(to);
        }
        else
        {
            for (var i = 0; i < count; i++)
            {
                to[i] = _bytes[from + i];
            }
        }

        Length += count;
    }

    /// <summary>The written bytes from a position, to be modified.</summary>
    public Span<byte> WrittenFrom(int position) => _bytes.AsSpan(position, Length - position);

    /// <summary>Overwrites four written bytes, little endian.</summary>
    public void PatchUInt32(int position, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(position), value);

    public void Clear() => Length = 0;

    public void Dispose()
    {
        Release();
        (_bytes, Length) = ([], 0);
    }

    private void Release()
    {
        if (_bytes.Length > 0)
        {
            Buffers.Return(_bytes);
        }
    }
}
