using CloudTicks.Ticks.Status;

namespace CloudTicks.AppHost.Local.Screen;

internal sealed record Figures
{
    public IReadOnlyDictionary<string, double> TicksPerSecond { get; init; } = new Dictionary<string, double>();

    /// <summary>The lag of the functions behind the end of the archive, by row of the live table.</summary>
    public IReadOnlyDictionary<string, Backlog> Lag { get; init; } = new Dictionary<string, Backlog>();

    public IReadOnlyDictionary<string, string> Refused { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Disconnected { get; init; } = [];

    /// <summary>The lake; null without one.</summary>
    public LakeStatus? Lake { get; init; }

    public long FreeBytes { get; init; } = long.MaxValue;

    public Totals Totals { get; init; } = new(0, 0, 0, 0, 0);

    public IReadOnlyList<double> History { get; init; } = [];

    public IReadOnlyList<NewestPrice> Prices { get; init; } = [];

    public int Symbols { get; init; }
}

/// <param name="Seconds">How many seconds the lag corresponds to at the current rate; null below one record per second.</param>
internal readonly record struct Backlog(long Records, double? Seconds, bool IsGrowing)
{
    // A function without a backlog commits within a second or two.
    private const double NotableSeconds = 5;
    private const long NotableRecords = 1000;

    public bool IsNotable => Seconds is { } seconds ? seconds > NotableSeconds : Records > NotableRecords;
}

internal readonly record struct Totals(long Received, long Rejected, long Archived, long Stored, long Published);
