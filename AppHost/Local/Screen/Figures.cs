namespace CloudTicks.AppHost.Local.Screen;

/// <summary>What was measured of the running parts.</summary>
internal sealed record Figures
{
    /// <summary>Ticks per second, by row of the table.</summary>
    public IReadOnlyDictionary<string, double> TicksPerSecond { get; init; } = new Dictionary<string, double>();

    /// <summary>How far the functions are behind the end of the archive, by row of the table.</summary>
    public IReadOnlyDictionary<string, Backlog> Lag { get; init; } = new Dictionary<string, Backlog>();

    /// <summary>Why a market's feed was refused for good, by market.</summary>
    public IReadOnlyDictionary<string, string> Refused { get; init; } = new Dictionary<string, string>();

    /// <summary>Markets without a session with the feed.</summary>
    public IReadOnlyList<string> Away { get; init; } = [];

    /// <summary>Bytes that are free where the data lies.</summary>
    public long FreeBytes { get; init; } = long.MaxValue;

    /// <summary>What was counted since the start of the services.</summary>
    public Totals Totals { get; init; } = new(0, 0, 0, 0, 0);

    /// <summary>Ticks per second of the last minute, oldest first.</summary>
    public IReadOnlyList<double> History { get; init; } = [];

    public IReadOnlyList<NewestPrice> Prices { get; init; } = [];

    public int Symbols { get; init; }
}

/// <param name="Seconds">In how many seconds as many came; null when none comes.</param>
internal readonly record struct Backlog(long Records, double? Seconds, bool IsGrowing)
{
    // A function that keeps up commits within a second or two.
    private const double NotableSeconds = 5;
    private const long NotableRecords = 1000;

    /// <summary>Whether a person should know.</summary>
    public bool IsNotable => Seconds is { } seconds ? seconds > NotableSeconds : Records > NotableRecords;
}

/// <summary>Ticks counted since the start of the services.</summary>
internal readonly record struct Totals(long Received, long Rejected, long Archived, long Stored, long Published);
