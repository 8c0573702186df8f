using System.Buffers.Binary;
using System.Globalization;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Spool;

/// <summary>A spool file, named after its first record's number. It begins with a magic text, the format version and a CRC-32C.</summary>
internal sealed class SpoolSegment(string path, long firstSequence)
{
    public const int HeadBytes = 16;

    public const string Extension = ".spool";
    private const int Version = 1;
    private const int NameDigits = 20;

    public string Path => path;

    public long FirstSequence => firstSequence;

    /// <summary>The number of the segment's last record; one less than the first number when it has none.</summary>
    public long LastSequence { get; set; } = firstSequence - 1;

    /// <summary>The number of durable bytes.</summary>
    public long Length { get; set; }

    /// <summary>The time at which the segment's first record was spooled, Unix ms, UTC.</summary>
    public long FirstSpooledMs { get; set; }

    /// <summary>The open file while records are appended to it; otherwise null.</summary>
    public DiskFile? Handle { get; set; }

    private static ReadOnlySpan<byte> Magic => "CTSPOOL\n"u8;

    public static string PathOf(string folder, long firstSequence) =>
        System.IO.Path.Combine(folder, firstSequence.ToString("D20", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Parses a file name.</summary>
    /// <returns>Null when the file is not a segment.</returns>
    public static SpoolSegment? Of(string path)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        return name.Length == NameDigits && long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var first) && first > 0
            ? new SpoolSegment(path, first) : null;
    }

    public static byte[] Head()
    {
        var head = new byte[HeadBytes];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(12), SpoolFrame.Crc(head.AsSpan(0, 12)));
        return head;
    }

    /// <summary>Checks the version. Tolerates a damaged header, because each record has its own checksum.</summary>
    public static void CheckHead(string path, ReadOnlySpan<byte> head)
    {
        if (head.Length == HeadBytes && head.StartsWith(Magic)
            && BinaryPrimitives.ReadUInt32LittleEndian(head[12..]) == SpoolFrame.Crc(head[..12])
            && BinaryPrimitives.ReadInt32LittleEndian(head[8..]) is var version and not Version)
        {
            throw new CollectorException(
                $"The spool file {path} has format version {version}, but this program reads version {Version}: run the version that "
                + "wrote it until it has delivered the records, or set Collector:DataFolder to another folder.");
        }
    }
}
