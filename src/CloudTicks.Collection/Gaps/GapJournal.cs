using System.Globalization;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// An append-only file of entries, each with its length and the CRC-32C of its bytes. When the file is opened, an incomplete last entry of
/// a killed process is cut off, and damaged bytes are moved to a separate file in the same folder. All other entries are kept.
/// </summary>
internal sealed class GapJournal : IDisposable
{
    private readonly Disk _disk;
    private readonly string _path;
    private DiskFile _file;
    private bool _isTailUnknown;
    private bool _isRenameNotDurable;

    private GapJournal(Disk disk, string path, DiskFile file) => (_disk, _path, _file, Length) = (disk, path, file, file.Length);

    public long Length { get; private set; }

    /// <summary>The damage found when the file was opened; null when there was none.</summary>
    public JournalDamage? Damage { get; private init; }

    /// <summary>Bytes of an incomplete last entry that were cut off when the file was opened.</summary>
    public long UnfinishedBytes { get; private init; }

    /// <param name="entries">The entries of the file, in order.</param>
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
                var savedIn = SaveDamagedBytes(path, disk, now, content);
                file.Dispose();
                disk.Replace(path, JournalEntry.Pack(entries));
                file = disk.Open(path);
                return new GapJournal(disk, path, file)
                {
                    Damage = new JournalDamage(
                        path, content.Damaged.Count, content.Damaged.Sum(range => (long)range.Length), entries.Count, savedIn),
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

    /// <summary>Adds entries; they are durable when it returns.</summary>
    /// <exception cref="IOException">
    /// The write failed; the entries may or may not be in the file, and can safely be added again.
    /// </exception>
    public void Append(IEnumerable<byte[]> entries)
    {
        var packed = JournalEntry.Pack(entries);
        FinishPreviousWrite();
        _isTailUnknown = true;
        _file.Write(Length, packed);
        _file.Flush();
        Length += packed.Length;
        _isTailUnknown = false;
    }

    /// <summary>Replaces all entries atomically.</summary>
    /// <exception cref="IOException">The write failed; the file has either the old or the new entries.</exception>
    public void Rewrite(IEnumerable<byte[]> entries)
    {
        var nextPath = _path + ".next";
        var file = _disk.Open(nextPath);
        try
        {
            file.Truncate(0);
            file.Write(0, JournalEntry.Pack(entries));
            file.Flush();
            _disk.Move(nextPath, _path);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _file.Dispose();
        (_file, Length, _isTailUnknown, _isRenameNotDurable) = (file, file.Length, false, true);
        FinishPreviousWrite();
    }

    public void Dispose() => _file.Dispose();

    private static string SaveDamagedBytes(string path, Disk disk, DateTimeOffset now, JournalContent content)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{path}.damaged-{now.UtcDateTime:yyyyMMdd'T'HHmmss}");
        var savedIn = name;
        for (var number = 2; File.Exists(savedIn); number++)
        {
            savedIn = string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
        }

        disk.Replace(savedIn, content.Damaged.SelectMany(range => range).ToArray());
        return savedIn;
    }

    /// <summary>
    /// Removes the partial entry of a failed write, and makes the last rename durable. Otherwise the entries that are appended next could
    /// be lost.
    /// </summary>
    private void FinishPreviousWrite()
    {
        if (_isTailUnknown)
        {
            _file.Truncate(Length);
            _isTailUnknown = false;
        }

        if (_isRenameNotDurable)
        {
            _disk.FlushFolder(Path.GetDirectoryName(_path)!);
            _isRenameNotDurable = false;
        }
    }
}
