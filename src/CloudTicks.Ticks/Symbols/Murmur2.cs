using System.Buffers.Binary;

namespace CloudTicks.Ticks.Symbols;

/// <summary>The 32-bit Murmur2 of Kafka's default partitioner. It lets other Kafka clients compute a symbol's partition.</summary>
internal static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;

    public static uint Hash(ReadOnlySpan<byte> data)
    {
        var hash = Seed ^ (uint)data.Length;
        while (data.Length >= 4)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier;
            word = (word ^ (word >> 24)) * Multiplier;
            hash = (hash * Multiplier) ^ word;
            data = data[4..];
        }

        if (data.Length > 0)
        {
            for (var index = data.Length - 1; index >= 0; index--)
            {
                hash ^= (uint)data[index] << (8 * index);
            }

            hash *= Multiplier;
        }

        hash = (hash ^ (hash >> 13)) * Multiplier;
        return hash ^ (hash >> 15);
    }
}
