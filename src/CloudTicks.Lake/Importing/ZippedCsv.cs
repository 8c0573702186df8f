using System.IO.Compression;

namespace CloudTicks.Lake.Importing;

/// <summary>The CSV in a zip file. The checksum is verified when the end of the CSV is reached.</summary>
internal sealed class ZippedCsv : ContentStream
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(number => Enumerable.Range(0, 8).Aggregate(
        (uint)number, (crc, _) => (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1))];

    private readonly ZipArchive _archive;
    private readonly Stream _content;
    private readonly uint _expectedCrc;
    private uint _crc = uint.MaxValue;

    private ZippedCsv(ZipArchive archive, ZipArchiveEntry entry) =>
        (_archive, _content, _expectedCrc) = (archive, entry.Open(), entry.Crc32);

    /// <summary>Opens the only CSV of a zip file.</summary>
    /// <param name="name">The CSV's name.</param>
    /// <exception cref="LakeException">The zip has no CSV, or several.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static ZippedCsv Open(string path, Stream file, out string name)
    {
        var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        try
        {
            var entries = archive.Entries.Where(entry => entry.FullName.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)).ToList();
            if (entries is not [var only])
            {
                throw new LakeException($"{path} contains {entries.Count} .csv files; a zip to import must contain only one: unpack it.");
            }

            name = only.Name;
            return new ZippedCsv(archive, only);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var read = _content.Read(buffer);
        foreach (var value in buffer[..read])
        {
            _crc = (_crc >> 8) ^ CrcTable[(byte)(_crc ^ value)];
        }

        return read > 0 || buffer.IsEmpty || ~_crc == _expectedCrc ? read
            : throw new InvalidDataException("its checksum does not match its content");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _archive.Dispose();
        }

        base.Dispose(disposing);
    }
}
