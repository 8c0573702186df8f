using System.Buffers.Binary;

namespace CloudTicks.EventHub.Records;

/// <summary>Finds repetitions in a block of at most 64 KiB, for LZ4 and Snappy.</summary>
/// <param name="block">The bytes to compress.</param>
/// <param name="seen">A table of <see cref="Slots"/> positions, all 0.</param>
internal ref struct MatchFinder(ReadOnlySpan<byte> block, Span<ushort> seen)
{
    public const int MaxBlockBytes = 64 * 1024;
    public const int Slots = 1 << SlotBits;
    public const int MinLength = 4;

    // LZ4 requires five literals at the end of a block, and no copy that begins in its last twelve bytes.
    private const int LiteralsAtEnd = 5;
    private const int NoCopyAtEnd = 12;
    private const int SlotBits = 13;
    private const uint HashMultiplier = 0x9E3779B1;
    private readonly ReadOnlySpan<byte> _block = block;
    private readonly Span<ushort> _seen = seen;

    /// <summary>Finds the next copy at or after a position.</summary>
    /// <param name="at">The position at which to search; on return, the position at which the copy begins.</param>
    /// <returns>False when no copy follows.</returns>
    public bool TryNext(ref int at, out int distance, out int length)
    {
        for (var from = at; at <= _block.Length - NoCopyAtEnd; at += 1 + ((at - from) >> 6))
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(_block[at..]);
            ref var slot = ref _seen[(int)((word * HashMultiplier) >> (32 - SlotBits))];
            var before = slot;
            slot = (ushort)at;
            if (before < at && BinaryPrimitives.ReadUInt32LittleEndian(_block[before..]) == word)
            {
                distance = at - before;
                length = _block[at..^LiteralsAtEnd].CommonPrefixLength(_block[before..]);
                return true;
            }
        }

        (distance, length) = (0, 0);
        return false;
    }
}
