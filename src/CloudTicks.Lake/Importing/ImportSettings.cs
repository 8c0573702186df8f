using CloudTicks.Ticks;

namespace CloudTicks.Lake.Importing;

/// <summary>The target of an import, and how it reads files that do not describe themselves.</summary>
public sealed record ImportSettings
{
    /// <summary>The names of all fields, with commas.</summary>
    public static string Fields => ImportFields.Names;

    /// <summary>The folder of the lake; created if missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Columns by the names of fields; an empty column means that the file has none.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>The symbol of all ticks of files without such a column.</summary>
    public string? Symbol { get; init; }

    /// <summary>The kind of all ticks of files without such a column; null: known by whether there is a bid or a price.</summary>
    public TickKind? Kind { get; init; }

    /// <summary>The market of all ticks of files without such a column; null: known by the symbol's form.</summary>
    public Market? Market { get; init; }

    /// <summary><c>s</c>, <c>ms</c>, <c>us</c> or <c>ns</c>; null: by how large the number is.</summary>
    public string? TimeUnit { get; init; }

    /// <summary>The form of times, as .NET writes it (<c>yyyyMMdd HHmmssfff</c>); null for numbers and ISO 8601.</summary>
    public string? TimeFormat { get; init; }

    /// <summary>The zone of times without one.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The separator of a CSV's columns.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>Whether the first line of a CSV names the columns; else they are named by their numbers, from 1.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Whether invalid lines are skipped; else they refuse the whole file.</summary>
    public bool SkipsBad { get; init; }

    /// <summary>Whether it only reports what would be added.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Memory of DuckDB; what does not fit goes to disk.</summary>
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>Ticks that are sorted at once, before they are put together by days.</summary>
    internal int TicksOfRun { get; init; } = 500_000;

    /// <summary>Above this number of ticks a day gets one file per hour.</summary>
    internal long TicksOfFile { get; init; } = 4_000_000;

    /// <summary>Whether a name is one of <see cref="Fields"/>.</summary>
    public static bool IsField(string name) => ImportFields.TryParse(name, out _);
}
