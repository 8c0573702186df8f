using System.Buffers.Binary;

namespace CloudTicks.Polygon.Frames;

/// <summary>
/// The recent order of the keys of one event type. A server usually writes keys in the same order, so one comparison of eight bytes checks
/// whether the next key, with its quotes and colon, is the expected key. If not, the key is scanned as usual.
/// </summary>
internal sealed class KeyOrder
{
    private readonly Key[] _keys = new Key[(int)EventField.Z + 1];
    private int _count;

    /// <summary>Whether the key at a position is the expected one.</summary>
    /// <param name="next">The index of the expected key.</param>
    public bool TryMatch(ReadOnlySpan<byte> frame, int position, int next, out Key key)
    {
        // The comparison reads eight bytes at the key. Near the end of the frame the scanner reads the key instead.
        var keys = _keys;
        if ((uint)next < (uint)keys.Length && frame.Length - position > sizeof(ulong))
        {
            key = keys[next];
            return key.Length > 0 && (BinaryPrimitives.ReadUInt64LittleEndian(frame[position..]) & key.Mask) == key.Bytes;
        }

        key = default;
        return false;
    }

    /// <summary>Learns a key that was not expected.</summary>
    /// <param name="key">The key, including its quotes and colon.</param>
    public void Learn(ReadOnlySpan<byte> key, EventField field, ref int next)
    {
        if (field == EventField.None || key.Length > sizeof(ulong))
        {
            return;
        }

        var knownIndex = IndexOf(field);
        if (knownIndex >= next)
        {
            // This event omits the expected key and every key between it and the key that was read.
            next = knownIndex + 1;
            return;
        }

        // A known key now follows keys that it used to precede: remove it from its old position.
        if (knownIndex >= 0)
        {
            Array.Copy(_keys, knownIndex + 1, _keys, knownIndex, _count - knownIndex - 1);
            _count--;
            next--;
        }

        if (_count < _keys.Length)
        {
            Array.Copy(_keys, next, _keys, next + 1, _count - next);
            _keys[next++] = Key.Of(key, field);
            _count++;
        }
    }

    private int IndexOf(EventField field)
    {
        for (var index = 0; index < _count; index++)
        {
            if (_keys[index].Field == field)
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>A key, including its quotes and colon, packed into a little-endian integer.</summary>
    public readonly record struct Key(ulong Bytes, ulong Mask, int Length, EventField Field)
    {
        public static Key Of(ReadOnlySpan<byte> key, EventField field)
        {
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            key.CopyTo(bytes);
            var mask = ulong.MaxValue >> (8 * (sizeof(ulong) - key.Length));
            return new Key(BinaryPrimitives.ReadUInt64LittleEndian(bytes), mask, key.Length, field);
        }
    }
}
