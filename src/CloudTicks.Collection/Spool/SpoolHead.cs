using System.Buffers.Binary;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Spool;

/// <summary>
/// Stores the acknowledged position, without a flush: after a crash, a stale position only causes some records to be sent again.
/// </summary>
internal sealed class SpoolHead : IDisposable
{
    private const string FileName = "head";
    private const int FileBytes = 16;

    private readonly DiskFile _file;
    private readonly byte[] _content = new byte[FileBytes];

    public SpoolHead(string folder, Disk disk)
    {
        _file = disk.Open(Path.Combine(folder, FileName));
        if (_file.Read(0, _content) == FileBytes && BinaryPrimitives.ReadUInt32LittleEndian(_content.AsSpan(8)) == Crc)
        {
            Stored = Math.Max(BinaryPrimitives.ReadInt64LittleEndian(_content), 0);
        }
    }

    /// <summary>The stored position: all records up to this number are acknowledged.</summary>
    public long Stored { get; private set; }

    private uint Crc => SpoolFrame.Crc(_content.AsSpan(0, sizeof(long)));

    public void Store(long acknowledgedUpTo)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_content, acknowledgedUpTo);
        BinaryPrimitives.WriteUInt32LittleEndian(_content.AsSpan(8), Crc);
        _file.Write(0, _content);
        Stored = acknowledgedUpTo;
    }

    public void Dispose() => _file.Dispose();
}
