using CloudTicks.Lake.Storage;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Importing;

/// <summary>The target of an import, and how to interpret files whose format cannot be detected.</summary>
public sealed record ImportSettings
{
    /// <summary>The names of all fields, separated by commas.</summary>
    public static string Fields => ImportFields.Names;

    /// <summary>The folder of the lake, created if missing, or its address in an object store.</summary>
    public required string Folder { get; init; }

    /// <summary>The lake's store; null to open <see cref="Folder"/>.</summary>
    internal ILakeStore? Store { get; init; }

    /// <summary>The file's column for each field name; an empty text means that the file has no column for the field.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>The symbol of all ticks, for files without a symbol column.</summary>
    public string? Symbol { get; init; }

    /// <summary>
    /// The kind of all ticks, for files without a column for the kind; null to infer it from whether there is a bid or a price.
    /// </summary>
    public TickKind? Kind { get; init; }

    /// <summary>The market of all ticks, for files without a column for the market; null to infer it from the symbol.</summary>
    public Market? Market { get; init; }

    /// <summary>The unit of Unix times: <c>s</c>, <c>ms</c>, <c>us</c> or <c>ns</c>; null to infer it from their magnitude.</summary>
    public string? TimeUnit { get; init; }

    /// <summary>The format of times, a .NET format string (<c>yyyyMMdd HHmmssfff</c>); null for numbers and ISO 8601.</summary>
    public string? TimeFormat { get; init; }

    /// <summary>The time zone of times that do not name one.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The separator of a CSV's columns.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>Whether the first line of a CSV names the columns; otherwise columns are named by their numbers, from 1.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Whether invalid lines are skipped; otherwise the whole file is refused.</summary>
    public bool SkipsInvalidLines { get; init; }

    /// <summary>Whether to report what would be added, without adding it.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>The memory limit of DuckDB, bytes; above it DuckDB spills to disk.</summary>
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>The maximum number of ticks per sorted run; the runs are then merged into days.</summary>
    internal int TicksPerRun { get; init; } = 500_000;

    /// <summary>The number of ticks above which a day gets one file per hour.</summary>
    internal long TicksPerFile { get; init; } = 4_000_000;

    /// <summary>Whether a name is one of <see cref="Fields"/>.</summary>
    public static bool IsField(string name) => ImportFields.TryParse(name, out _);
}
