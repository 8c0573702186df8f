using CloudTicks.Lake.Native;
using CloudTicks.Ticks.Lean;

namespace CloudTicks.Lake.Importing;

/// <summary>A file to import, whose format is detected from its first bytes and its name.</summary>
internal sealed class ImportSource : IDisposable
{
    private const string GzipExtension = ".gz";

    private readonly FileStream? _file;

    private ImportSource(IImportTicks ticks, FileStream? file) => (Ticks, _file) = (ticks, file);

    public IImportTicks Ticks { get; }

    /// <summary>The fraction of the file that was read, 0 to 1; null when unknown.</summary>
    public double? Fraction => _file is { Length: > 0 } file ? (double)file.Position / file.Length : null;

    /// <summary>Opens a file.</summary>
    /// <exception cref="LakeException">The file is empty, or its format is not supported; the message says why.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImportSource Open(string path, ImportSettings settings, DuckDbSettings limits)
    {
        var file = File.OpenRead(path);
        try
        {
            Span<byte> magic = stackalloc byte[4];
            magic = magic[..file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false)];
            file.Position = 0;
            if (magic.SequenceEqual("PAR1"u8))
            {
                file.Dispose();
                return new ImportSource(OpenParquet(path, settings, limits), null);
            }

            var name = Path.GetFileName(path);
            Stream content = file;
            if (magic is [0x1f, 0x8b, ..])
            {
                content = new CheckedGzip(file);
                name = name.EndsWith(GzipExtension, StringComparison.OrdinalIgnoreCase) ? name[..^GzipExtension.Length] : name;
            }
            else if (magic is [(byte)'P', (byte)'K', ..])
            {
                content = ZippedCsv.Open(path, file, out name);
            }

            return new ImportSource(OpenCsv(path, name, content, settings), file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Ticks.Dispose();
        _file?.Dispose();
    }

    private static RowTicks OpenParquet(string path, ImportSettings settings, DuckDbSettings limits)
    {
        var rows = new ParquetRows(path, limits);
        try
        {
            var (kind, market) = rows.Series();
            settings = settings with { Kind = settings.Kind ?? kind, Market = settings.Market ?? market };
            return new RowTicks(rows, ImportColumns.Find(path, rows.Columns, settings), settings);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    private static IImportTicks OpenCsv(string path, string name, Stream content, ImportSettings settings)
    {
        if (settings.Columns.Count == 0 && LeanFileName.TryParse(name, settings.Market, out var lean))
        {
            return new LeanImport(path, content, lean);
        }

        var rows = new CsvRows(content, settings);
        try
        {
            var header = rows.ReadHeader();
            return settings.HasHeader && header.Count == 0 ? throw new LakeException($"{path} is empty.")
                : new RowTicks(rows, ImportColumns.Find(path, header, settings), settings);
        }
        catch (ImportRowException fault)
        {
            throw new LakeException($"{path}, line 1: {fault.Message}.");
        }
    }
}
