using System.Buffers.Binary;
using System.Numerics;

namespace CloudTicks.Collection.Gaps;

/// <summary>An entry of the journal as it is in the file: its length, the CRC-32C of its bytes, and the bytes.</summary>
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

    /// <summary>Reads the entry at the beginning of some bytes.</summary>
    /// <returns>False when there is none, whole and undamaged.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out byte[] entry)
    {
        entry = [];
        return bytes.Length >= HeadBytes && BinaryPrimitives.ReadInt32LittleEndian(bytes) is > 0 and <= MaxBytes and var length
            && length <= bytes.Length - HeadBytes && TryRead(bytes, length, out entry);
    }

    /// <summary>Reads the entry that fills some bytes, whatever length its head gives: the length alone may be damaged.</summary>
    public static bool TryReadWhole(ReadOnlySpan<byte> bytes, out byte[] entry)
    {
        entry = [];
        return bytes.Length is > HeadBytes and <= HeadBytes + MaxBytes && TryRead(bytes, bytes.Length - HeadBytes, out entry);
    }

    /// <summary>Whether the file may end here in the middle of an entry, as a kill while it was written leaves it.</summary>
    public static bool IsUnfinished(ReadOnlySpan<byte> bytes) =>
        bytes.Length < HeadBytes || !bytes.ContainsAnyExcept((byte)0)
        || (BinaryPrimitives.ReadInt32LittleEndian(bytes) is > 0 and <= MaxBytes and var length && length > bytes.Length - HeadBytes);

    private static bool TryRead(ReadOnlySpan<byte> bytes, int length, out byte[] entry)
    {
        var content = bytes.Slice(HeadBytes, length);
        var isWhole = Checksum(content) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[sizeof(uint)..]);
        entry = isWhole ? content.ToArray() : [];
        return isWhole;
    }

    private static uint Checksum(ReadOnlySpan<byte> entry)
    {
        // An entry of zeros must not fit a head of zeros.
        var checksum = uint.MaxValue;
        foreach (var one in entry)
        {
            checksum = BitOperations.Crc32C(checksum, one);
        }

        return ~checksum;
    }
}
