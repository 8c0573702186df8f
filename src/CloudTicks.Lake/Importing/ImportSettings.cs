using CloudTicks.Lake.Storage;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Importing;

/// <summary>The target of an import, and how to interpret files that do not describe themselves.</summary>
public sealed record ImportSettings
{
    /// <summary>The names of all fields, separated by commas.</summary>
    public static string Fields => ImportFields.Names;

    /// <summary>The folder of the lake, created if missing, or its address in an object store.</summary>
    public required string Folder { get; init; }

    /// <summary>The lake's store; null to open <see cref="Folder"/>.</summary>
    internal ILakeStore? Store { get; init; }

    /// <summary>The file's column for each field name; empty if the file has no such column.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>The symbol of all ticks, for files without a symbol column.</summary>
    public string? Symbol { get; init; }

    /// <summary>The kind of all ticks, for files without such a column; null to infer it from whether there is a bid or a price.</summary>
    public TickKind? Kind { get; init; }

    /// <summary>The market of all ticks, for files without such a column; null to infer it from the symbol.</summary>
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
    public bool SkipsBad { get; init; }

    /// <summary>Whether to report only what would be added.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>The memory limit of DuckDB, bytes; above it DuckDB spills to disk.</summary>
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>Ticks per sorted run; runs are then merged by day.</summary>
    internal int TicksPerRun { get; init; } = 500_000;

    /// <summary>The number of ticks above which a day gets one file per hour.</summary>
    internal long TicksPerFile { get; init; } = 4_000_000;

    /// <summary>Whether a name is one of <see cref="Fields"/>.</summary>
    public static bool IsField(string name) => ImportFields.TryParse(name, out _);
}
