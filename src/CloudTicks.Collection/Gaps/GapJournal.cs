using System.Globalization;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// A file to which entries are added, each with its length and the CRC-32C of its bytes. When it is opened, an entry at its end that was
/// not finished, as a killed process may leave one, is cut off; what is damaged is kept in a file beside it, and all other entries stay.
/// </summary>
internal sealed class GapJournal : IDisposable
{
    private readonly Disk _disk;
    private readonly string _path;
    private DiskFile _file;
    private bool _isTailUnknown;
    private bool _isNameUnknown;

    private GapJournal(Disk disk, string path, DiskFile file) => (_disk, _path, _file, Length) = (disk, path, file, file.Length);

    public long Length { get; private set; }

    /// <summary>What was damaged when it was opened; null when nothing was.</summary>
    public JournalDamage? Damage { get; private init; }

    /// <summary>Bytes of an unfinished entry that were cut off when it was opened.</summary>
    public long UnfinishedBytes { get; private init; }

    /// <param name="entries">The entries that it holds, in their order.</param>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static GapJournal Open(string path, Disk disk, DateTimeOffset now, out List<byte[]> entries)
    {
        var file = disk.Open(path);
        try
        {
            disk.FlushFolder(Path.GetDirectoryName(path)!);
            var bytes = new byte[file.Length];
            var content = JournalContent.Read(bytes.AsSpan(0, file.Read(0, bytes)));
            entries = content.Entries;
            if (content.Damaged.Count > 0)
            {
                var keptIn = KeepDamaged(path, disk, now, content);
                file.Dispose();
                disk.Replace(path, JournalEntry.Pack(entries));
                file = disk.Open(path);
                return new GapJournal(disk, path, file)
                {
                    Damage = new JournalDamage(
                        path, content.Damaged.Count, content.Damaged.Sum(one => (long)one.Length), entries.Count, keptIn),
                    UnfinishedBytes = content.UnfinishedBytes,
                };
            }

            if (content.UnfinishedBytes > 0)
            {
                file.Truncate(bytes.Length - content.UnfinishedBytes);
                file.Flush();
            }

            return new GapJournal(disk, path, file) { UnfinishedBytes = content.UnfinishedBytes };
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
        var packed = JournalEntry.Pack(entries);
        Settle();
        _isTailUnknown = true;
        _file.Write(Length, packed);
        _file.Flush();
        Length += packed.Length;
        _isTailUnknown = false;
    }

    /// <summary>Replaces all entries: whoever reads the file finds the old ones or the new ones.</summary>
    /// <exception cref="IOException">The disk refuses; the old entries stand, or the new ones.</exception>
    public void Rewrite(IEnumerable<byte[]> entries)
    {
        var next = _path + ".next";
        var file = _disk.Open(next);
        try
        {
            file.Truncate(0);
            file.Write(0, JournalEntry.Pack(entries));
            file.Flush();
            _disk.Move(next, _path);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _file.Dispose();
        (_file, Length, _isTailUnknown, _isNameUnknown) = (file, file.Length, false, true);
        Settle();
    }

    public void Dispose() => _file.Dispose();

    private static string KeepDamaged(string path, Disk disk, DateTimeOffset now, JournalContent content)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{path}.damaged-{now.UtcDateTime:yyyyMMdd'T'HHmmss}");
        var keptIn = name;
        for (var number = 2; File.Exists(keptIn); number++)
        {
            keptIn = string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
        }

        disk.Replace(keptIn, content.Damaged.SelectMany(one => one).ToArray());
        return keptIn;
    }

    /// <summary>Ensures appended entries are found: not behind half an entry, nor in a file whose name a power cut removes.</summary>
    private void Settle()
    {
        if (_isTailUnknown)
        {
            _file.Truncate(Length);
            _isTailUnknown = false;
        }

        if (_isNameUnknown)
        {
            _disk.FlushFolder(Path.GetDirectoryName(_path)!);
            _isNameUnknown = false;
        }
    }
}
