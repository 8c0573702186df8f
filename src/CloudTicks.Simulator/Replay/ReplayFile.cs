using System.IO.Compression;
using CloudTicks.Foundations;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Lean;

namespace CloudTicks.Simulator.Replay;

/// <summary>A file of recorded ticks that was validated completely.</summary>
internal sealed class ReplayFile
{
    private const long MsPerDay = 86_400_000;

    private ReplayFile(string path, LeanFileName name)
    {
        Path = path;
        Name = name;
        MidnightMs = Midnight(name);
    }

    public string Path { get; }

    public LeanFileName Name { get; }

    public long Rows { get; private set; }

    /// <summary>The time of the first row, in ms after <see cref="UtcMidnightMs"/>. It aligns files of different days.</summary>
    public long FirstOffsetMs { get; private set; }

    /// <summary>The time of the last row, in ms after <see cref="UtcMidnightMs"/>.</summary>
    public long LastOffsetMs { get; private set; }

    /// <summary>
    /// The midnight to which the file's times are relative, Unix ms: that of New York for stocks, that of UTC for currencies.
    /// </summary>
    public long MidnightMs { get; }

    /// <summary>Midnight UTC at the start of the file's date, Unix ms.</summary>
    public long UtcMidnightMs => new DateTimeOffset(Name.Date, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>Reads and validates a file to its end.</summary>
    /// <exception cref="StartException">The file is invalid; the message names file and line.</exception>
    public static ReplayFile Scan(string path)
    {
        try
        {
            using var stream = Open(path, out var entry);
            var file = new ReplayFile(path, NameOf(entry, path));
            file.Scan(stream);
            return file;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new StartException($"{path} cannot be replayed: {exception.Message}");
        }
    }

    public LeanTicks OpenTicks() => new(Open(Path, out _), Name, MidnightMs);

    private void Scan(Stream stream)
    {
        using var ticks = new LeanTicks(stream, Name, MidnightMs);
        try
        {
            var last = 0L;
            while (ticks.TryRead())
            {
                if (ticks.Ms < last)
                    throw new LeanFormatException($"its time, {ticks.Ms} ms, is before that of the row above, {last} ms");
                if (ticks.Ms >= MsPerDay)
                    throw new LeanFormatException($"its time, {ticks.Ms} ms, is not within the day");
                last = ticks.Ms;
                LastOffsetMs = MidnightMs + ticks.Ms - UtcMidnightMs;
                if (Rows++ == 0)
                    FirstOffsetMs = LastOffsetMs;
            }
        }
        catch (LeanFormatException exception)
        {
            throw new StartException($"{Path}, line {ticks.Line}: {exception.Message}.");
        }

        if (Rows == 0)
            throw new StartException($"{Path} contains no ticks.");
    }

    private static LeanFileName NameOf(string entry, string path)
    {
        if (!LeanFileName.TryParse(entry, market: null, out var name))
            throw new StartException($"{path}: '{entry}' is not the name of a tick file. {LeanFileName.Hint}");
        return (name.Symbol.Market, name.Kind) is (Market.Stock, _) or (Market.Forex, TickKind.Quote) ? name : throw new StartException(
            $"{path}: '{entry}' contains {name.Symbol.Market} {name.Kind}s; only stock trades, stock quotes, and quotes of currencies and "
                + "metals can be replayed.");
    }

    private static Stream Open(string path, out string entryName)
    {
        if (!System.IO.Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase))
        {
            entryName = System.IO.Path.GetFileName(path);
            return File.OpenRead(path);
        }

        var archive = ZipFile.OpenRead(path);
        try
        {
            var entries = archive.Entries.Where(entry => entry.FullName.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)).ToList();
            if (entries is not [var only])
                throw new StartException($"{path} contains {entries.Count} .csv files; a file to replay must contain exactly one.");
            entryName = only.Name;
            return new EntryStream(archive, only.Open());
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    private static long Midnight(LeanFileName name)
    {
        var midnight = name.Date.ToDateTime(TimeOnly.MinValue);
        if (name.Symbol.Market != Market.Stock)
            return new DateTimeOffset(midnight, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return NewYork.IsFromSystem
            ? NewYork.At(name.Date, TimeOnly.MinValue).ToUnixTimeMilliseconds()
            : throw new StartException(
                "The times of stocks are in the time zone America/New_York, which this system lacks: install its time zones (Debian: "
                    + "tzdata).");
    }
}
