using System.IO.Compression;

namespace CloudTicks.AppHost.Local.CommandLine;

/// <summary>Parses the file names of recorded ticks: <c>20140508_eurusd_tick_quote.csv</c>, plain or as the only entry of a .zip.</summary>
internal static class RecordedFile
{
    private const int SymbolPart = 1;
    private const int MinParts = 3;

    public static bool IsReadable(string path)
    {
        try
        {
            return EntryName(path).Split('_').Length >= MinParts;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return false;
        }
    }

    public static string SymbolOf(string path) => EntryName(path).Split('_')[SymbolPart].ToUpperInvariant();

    private static string EntryName(string path)
    {
        if (!path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            return File.Exists(path) ? Path.GetFileName(path) : "";
        }

        using var archive = ZipFile.OpenRead(path);
        return archive.Entries.Count == 1 ? archive.Entries[0].Name : "";
    }
}
