using System.Numerics;
using System.Runtime.InteropServices;

namespace CloudTicks.EventHub.Wire;

/// <summary>
/// CRC-32C (Castagnoli), the checksum of record batches and of the event hub's own files. Each CRC instruction of the CPU depends on the
/// result of the previous one. A long input is therefore processed in three parallel lanes, whose checksums are combined with tables.
/// </summary>
internal static class Crc32C
{
    private const int LaneWords = 128;
    private const int Lanes = 3;

    /// <summary>The effect of one lane of zeros on each byte of a checksum.</summary>
    private static readonly uint[] AfterLane = CreateAfterLane();

    public static uint Of(ReadOnlySpan<byte> bytes) => ~Continue(~0u, bytes);

    /// <summary>The checksum of two consecutive spans.</summary>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => ~Continue(Continue(~0u, first), second);

    private static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        var rest = bytes[(words.Length * sizeof(ulong))..];
        for (; words.Length >= Lanes * LaneWords; words = words[(Lanes * LaneWords)..])
        {
            var first = words[..LaneWords];
            var second = words.Slice(LaneWords, LaneWords);
            var third = words.Slice(2 * LaneWords, LaneWords);
            var (crcOfSecond, crcOfThird) = (0u, 0u);
            for (var i = 0; i < first.Length && i < second.Length && i < third.Length; i++)
            {
                crc = BitOperations.Crc32C(crc, first[i]);
                crcOfSecond = BitOperations.Crc32C(crcOfSecond, second[i]);
                crcOfThird = BitOperations.Crc32C(crcOfThird, third[i]);
            }

            crc = SkipLane(SkipLane(crc) ^ crcOfSecond) ^ crcOfThird;
        }

        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var value in rest)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }

    private static uint SkipLane(uint crc) =>
        AfterLane[crc & 0xFF] ^ AfterLane[0x100 + ((crc >> 8) & 0xFF)] ^ AfterLane[0x200 + ((crc >> 16) & 0xFF)]
            ^ AfterLane[0x300 + (crc >> 24)];

    private static uint[] CreateAfterLane()
    {
        var table = new uint[4 * 0x100];
        for (var bit = 0; bit < 32; bit++)
        {
            var crc = 1u << bit;
            for (var i = 0; i < LaneWords; i++)
            {
                crc = BitOperations.Crc32C(crc, 0ul);
            }

            // Checksums are linear over XOR: the checksum of a value is the XOR of the checksums of its highest bit and of its other bits.
            var (from, value) = (bit / 8 * 0x100, 1 << (bit % 8));
            for (var lower = 0; lower < value; lower++)
            {
                table[from + value + lower] = crc ^ table[from + lower];
            }
        }

        return table;
    }
}
