using System.Buffers.Binary;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// The content of a ledger entry: the state of a gap, in the format of the archive, or a mark that a state was published.
/// </summary>
internal static class LedgerEntry
{
    private const byte PublishedMark = (byte)'p';
    private const int IdBytes = 16;

    public static byte[] State(FeedGap gap) => GapRecord.Write(gap);

    public static byte[] Published(Guid id, long changedMs)
    {
        var entry = new byte[1 + IdBytes + sizeof(long)];
        entry[0] = PublishedMark;
        id.TryWriteBytes(entry.AsSpan(1));
        BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(1 + IdBytes), changedMs);
        return entry;
    }

    public static bool TryReadPublished(ReadOnlySpan<byte> entry, out Guid id, out long changedMs)
    {
        (id, changedMs) = (default, 0);
        if (entry.Length != 1 + IdBytes + sizeof(long) || entry[0] != PublishedMark)
        {
            return false;
        }

        (id, changedMs) = (new Guid(entry.Slice(1, IdBytes)), BinaryPrimitives.ReadInt64LittleEndian(entry[(1 + IdBytes)..]));
        return true;
    }
}
