using System.Buffers.Binary;
using System.Numerics;

namespace CloudTicks.Collection.Gaps;

/// <summary>The format of a journal entry: its length, the CRC-32C of its bytes, and the bytes.</summary>
internal static class JournalEntry
{
    public const int HeadBytes = 2 * sizeof(uint);

    private const int MaxBytes = 64 * 1024;

    public static byte[] Pack(IEnumerable<byte[]> entries)
    {
        using var packed = new MemoryStream();
        Span<byte> head = stackalloc byte[HeadBytes];
        foreach (var entry in entries)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Length, MaxBytes);
            BinaryPrimitives.WriteInt32LittleEndian(head, entry.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(uint)..], Checksum(entry));
            packed.Write(head);
            packed.Write(entry);
        }

        return packed.ToArray();
    }

    /// <summary>Reads the entry at the beginning of <paramref name="bytes"/>.</summary>
    /// <returns>False when the entry is incomplete or damaged.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out byte[] entry)
    {
        entry = [];
        return bytes.Length >= HeadBytes && BinaryPrimitives.ReadInt32LittleEndian(bytes) is > 0 and <= MaxBytes and var length
            && length <= bytes.Length - HeadBytes && TryRead(bytes, length, out entry);
    }

    /// <summary>
    /// Reads an entry that fills all of <paramref name="bytes"/>. Used when only the length in the entry's header is damaged.
    /// </summary>
    public static bool TryReadExact(ReadOnlySpan<byte> bytes, out byte[] entry)
    {
        entry = [];
        return bytes.Length is > HeadBytes and <= HeadBytes + MaxBytes && TryRead(bytes, bytes.Length - HeadBytes, out entry);
    }

    /// <summary>Whether the last bytes of a file may be an entry that a killed process left incomplete.</summary>
    public static bool IsUnfinished(ReadOnlySpan<byte> bytes) =>
        bytes.Length < HeadBytes || !bytes.ContainsAnyExcept((byte)0)
        || (BinaryPrimitives.ReadInt32LittleEndian(bytes) is > 0 and <= MaxBytes and var length && length > bytes.Length - HeadBytes);

    private static bool TryRead(ReadOnlySpan<byte> bytes, int length, out byte[] entry)
    {
        var content = bytes.Slice(HeadBytes, length);
        var isIntact = Checksum(content) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[sizeof(uint)..]);
        entry = isIntact ? content.ToArray() : [];
        return isIntact;
    }

    private static uint Checksum(ReadOnlySpan<byte> entry)
    {
        // The checksum starts with all bits set, so that an entry of zeros does not match a header of zeros.
        var checksum = uint.MaxValue;
        foreach (var value in entry)
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }

        return ~checksum;
    }
}
