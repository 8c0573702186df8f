using System.Buffers.Binary;
using System.Numerics;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// A file to which entries are added, each with its length and the CRC-32C of its bytes. What stands behind the last whole entry, as a
/// process that was killed or a machine that lost its power may leave it, is cut off when the file is opened.
/// </summary>
internal sealed class GapJournal : IDisposable
{
    private const int HeadBytes = 2 * sizeof(uint);
    private const int MaxEntryBytes = 64 * 1024;

    private readonly string _path;
    private FileStream _file;

    private GapJournal(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>Bytes of the file.</summary>
    public long Length => _file.Length;

    /// <summary>Opens the file, or begins it.</summary>
    /// <param name="path">Where it is; its folder is there.</param>
    /// <param name="entries">The entries that it holds, in their order.</param>
    /// <param name="cutBytes">Bytes cut off at its end.</param>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static GapJournal Open(string path, out List<byte[]> entries, out long cutBytes)
    {
        // A rewriting that was not finished.
        File.Delete(Unfinished(path));
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            entries = [];
            var end = 0;
            while (TryRead(bytes.AsSpan(end), out var entry))
            {
                entries.Add(entry);
                end += HeadBytes + entry.Length;
            }

            cutBytes = bytes.Length - end;
            if (cutBytes > 0)
            {
                file.SetLength(end);
                file.Flush(flushToDisk: true);
            }

            file.Position = end;
            return new GapJournal(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds entries; when it returns they are durable.</summary>
    /// <exception cref="IOException">The disk refuses; the entries may or may not be there, and may be added again.</exception>
    public void Append(IEnumerable<byte[]> entries)
    {
        var start = _file.Position;
        try
        {
            Write(_file, entries);
            _file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // What comes next must not stand behind half an entry.
            _file.SetLength(start);
            _file.Position = start;
            throw;
        }
    }

    /// <summary>Replaces all entries: whoever reads the file finds the old ones or the new ones.</summary>
    /// <exception cref="IOException">The disk refuses; the old entries stand.</exception>
    public void Rewrite(IEnumerable<byte[]> entries)
    {
        var unfinished = Unfinished(_path);
        var file = new FileStream(unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            Write(file, entries);
            file.Flush(flushToDisk: true);
            File.Move(unfinished, _path, overwrite: true);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _file.Dispose();
        _file = file;
    }

    public void Dispose() => _file.Dispose();

    private static string Unfinished(string path) => path + ".new";

    private static void Write(FileStream file, IEnumerable<byte[]> entries)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        foreach (var entry in entries)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Length, MaxEntryBytes);
            BinaryPrimitives.WriteInt32LittleEndian(head, entry.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(uint)..], Checksum(entry));
            file.Write(head);
            file.Write(entry);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out byte[] entry)
    {
        entry = [];
        if (bytes.Length < HeadBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length is <= 0 or > MaxEntryBytes || length > bytes.Length - HeadBytes)
        {
            return false;
        }

        entry = bytes.Slice(HeadBytes, length).ToArray();
        return Checksum(entry) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[sizeof(uint)..]);
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
