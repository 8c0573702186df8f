using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CloudTicks.EventHub.Compaction;

/// <summary>
/// The newest offset of each key, in a table of bounded size. A key is represented by 128 bits of its SHA-256: two keys that share them,
/// which nobody can construct either, would cost the older one its records.
/// </summary>
/// <remarks>
/// It begins small and grows eightfold, so that all the arrays that it ever had, whether the collector has freed them or not, are no more
/// than the bound together.
/// </remarks>
internal sealed class KeyOffsets
{
    private const int BytesPerSlot = 24;
    private const int FewestSlots = 1024;
    private const int GrowthBits = 3;
    private const long Free = 0;
    private readonly int _maxSlots;
    private UInt128[] _keys;
    private long[] _offsetsPlusOne;

    /// <summary>How often it may still grow.</summary>
    private int _growths;

    /// <param name="maxBytes">The table takes no more memory, unless a single batch has more keys than fit.</param>
    public KeyOffsets(long maxBytes)
    {
        var slots = maxBytes / BytesPerSlot;
        _maxSlots = (int)Math.Clamp(slots - (slots >> GrowthBits), FewestSlots, Array.MaxLength);
        while (_maxSlots >> (GrowthBits * (_growths + 1)) >= FewestSlots)
        {
            _growths++;
        }

        _keys = new UInt128[_maxSlots >> (GrowthBits * _growths)];
        _offsetsPlusOne = new long[_keys.Length];
    }

    public int Count { get; private set; }

    /// <summary>True when so many more keys fit: a quarter of the slots stays free, so that searches stay short.</summary>
    public bool HasRoomFor(int keys) => Count + keys <= _maxSlots / 4 * 3;

    /// <summary>Notes an offset, which is larger than all before.</summary>
    public void Put(ReadOnlySpan<byte> key, long offset)
    {
        if (Count >= _keys.Length / 4 * 3)
        {
            Grow();
        }

        Put(Hash(key), offset + 1);
    }

    /// <summary>The newest offset of a key; -1 when it is not in the table.</summary>
    public long Find(ReadOnlySpan<byte> key) => Count == 0 ? -1 : _offsetsPlusOne[Slot(Hash(key))] - 1;

    public void Clear()
    {
        Array.Clear(_offsetsPlusOne);
        Count = 0;
    }

    private void Put(UInt128 hash, long offsetPlusOne)
    {
        var slot = Slot(hash);
        Count += _offsetsPlusOne[slot] == Free ? 1 : 0;
        (_keys[slot], _offsetsPlusOne[slot]) = (hash, offsetPlusOne);
    }

    /// <summary>The slot of a key, or the free one where it belongs.</summary>
    private int Slot(UInt128 hash)
    {
        var slot = (int)Math.BigMul((ulong)hash, (ulong)_keys.Length, out _);
        while (_offsetsPlusOne[slot] != Free && _keys[slot] != hash)
        {
            slot = slot + 1 == _keys.Length ? 0 : slot + 1;
        }

        return slot;
    }

    private void Grow()
    {
        var (keys, offsets) = (_keys, _offsetsPlusOne);
        var slots = _growths > 0 ? _maxSlots >> (GrowthBits * --_growths) : 2 * keys.Length;
        (_keys, _offsetsPlusOne, Count) = (new UInt128[slots], new long[slots], 0);
        for (var i = 0; i < keys.Length; i++)
        {
            if (offsets[i] != Free)
            {
                Put(keys[i], offsets[i]);
            }
        }
    }

    private static UInt128 Hash(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
