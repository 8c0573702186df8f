using System.Buffers.Binary;

namespace CloudTicks.Polygon.Frames;

/// <summary>
/// The order in which the keys of one type of event came lately. A server writes them in the same order again and again, so that the next
/// key, with its quotes and its colon, is known by one comparison of eight bytes. A wrong guess costs nothing but the ordinary way.
/// </summary>
internal sealed class KeyOrder
{
    private readonly Key[] _keys = new Key[(int)EventField.Z + 1];
    private int _count;

    /// <summary>Tells whether the key at a position is the one that comes next.</summary>
    /// <param name="next">The place in the order.</param>
    public bool TryMatch(ReadOnlySpan<byte> frame, int position, int next, out Key key)
    {
        // The bytes behind the key are there as well, as it is shorter, or the element ends with it and is left to the scanner.
        var keys = _keys;
        if ((uint)next < (uint)keys.Length && frame.Length - position > sizeof(ulong))
        {
            key = keys[next];
            return key.Length > 0 && (BinaryPrimitives.ReadUInt64LittleEndian(frame[position..]) & key.Mask) == key.Bytes;
        }

        key = default;
        return false;
    }

    /// <summary>Learns a key that was not guessed, from its first quote to its colon.</summary>
    public void Learn(ReadOnlySpan<byte> key, EventField field, ref int next)
    {
        if (field == EventField.None || key.Length > sizeof(ulong))
        {
            return;
        }

        var known = PlaceOf(field);
        if (known >= next)
        {
            // What stands between was left out this time.
            next = known + 1;
            return;
        }

        // A key that came before others comes behind them from now on.
        if (known >= 0)
        {
            Array.Copy(_keys, known + 1, _keys, known, _count - known - 1);
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

    private int PlaceOf(EventField field)
    {
        for (var place = 0; place < _count; place++)
        {
            if (_keys[place].Field == field)
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>The bytes of a key with its quotes and its colon, the first lowest.</summary>
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
