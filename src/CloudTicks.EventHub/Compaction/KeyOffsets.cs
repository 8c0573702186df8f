using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CloudTicks.EventHub.Compaction;

/// <summary>
/// The newest offset of each key, in a table of bounded size. A key is represented by 128 bits of its SHA-256. A collision, which is not
/// feasible to construct, would remove records of the older key.
/// </summary>
/// <remarks>
/// The table starts small and grows eightfold, so that its old and new arrays together stay within the limit, even before the old arrays
/// are freed.
/// </remarks>
internal sealed class KeyOffsets
{
    private const int BytesPerSlot = 24;
    private const int MinSlots = 1024;
    private const int GrowthBits = 3;
    private const long Free = 0;
    private readonly int _maxSlots;
    private UInt128[] _keys;
    private long[] _offsetsPlusOne;

    /// <summary>How many more times the table can grow eightfold.</summary>
    private int _remainingGrowths;

    /// <param name="maxBytes">Maximum bytes of the table; exceeded only for a single batch with more keys than fit.</param>
    public KeyOffsets(long maxBytes)
    {
        var slots = maxBytes / BytesPerSlot;
        _maxSlots = (int)Math.Clamp(slots - (slots >> GrowthBits), MinSlots, Array.MaxLength);
        while (_maxSlots >> (GrowthBits * (_remainingGrowths + 1)) >= MinSlots)
        {
            _remainingGrowths++;
        }

        _keys = new UInt128[_maxSlots >> (GrowthBits * _remainingGrowths)];
        _offsetsPlusOne = new long[_keys.Length];
    }

    public int Count { get; private set; }

    /// <summary>True when this many more keys fit: a quarter of the slots stays free to keep lookups short.</summary>
    public bool HasRoomFor(int keys) => Count + keys <= _maxSlots / 4 * 3;

    /// <summary>Stores the newest offset of a key; offsets must increase with each call.</summary>
    public void Put(ReadOnlySpan<byte> key, long offset)
    {
        if (Count >= _keys.Length / 4 * 3)
        {
            Grow();
        }

        Put(Hash(key), offset + 1);
    }

    /// <summary>The newest offset of a key; -1 for an unknown key.</summary>
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

    /// <summary>The slot of a key, or the free slot for it.</summary>
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
        var slots = _remainingGrowths > 0 ? _maxSlots >> (GrowthBits * --_remainingGrowths) : 2 * keys.Length;
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
