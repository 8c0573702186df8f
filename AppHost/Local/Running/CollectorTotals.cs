using CloudTicks.Ticks.Status;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>The counters of one collector, or of several combined.</summary>
internal sealed record CollectorTotals
{
    public long? FirstTickMs { get; init; }

    public long Received { get; init; }

    public long Archived { get; init; }

    public long ArchivedRecords { get; init; }

    public long SpooledRecords { get; init; }

    public IReadOnlyDictionary<string, long> Rejected { get; init; } = new Dictionary<string, long>();

    public IReadOnlyDictionary<string, bool> Connected { get; init; } = new Dictionary<string, bool>();

    /// <summary>Why the feed refused the collector permanently, by market.</summary>
    public IReadOnlyDictionary<string, string> Refused { get; init; } = new Dictionary<string, string>();

    /// <summary>The collector's state in the group that shares the symbols; null for a single collector and for totals.</summary>
    public ReplicaStatus? Replica { get; init; }

    public IReadOnlySet<string> Symbols { get; init; } = new HashSet<string>();

    /// <summary>Whether everything received has been rejected or acknowledged, and nothing of an earlier process is pending.</summary>
    public bool IsDrained => Archived + Rejected.Values.Sum() >= Received && SpooledRecords == 0;

    public static CollectorTotals Of(CollectorStatus status) => new()
    {
        FirstTickMs = status.FirstTickMs,
        Received = status.Received,
        Archived = status.Archived,
        ArchivedRecords = status.ArchivedRecords,
        SpooledRecords = status.Spool?.Records ?? 0,
        Rejected = status.Rejected,
        Connected = status.Connected,
        Refused = status.Refused,
        Replica = status.Replica,
        Symbols = status.Symbols.Keys.ToHashSet(),
    };

    /// <summary>
    /// Combines two collectors: a market is connected if either collector is connected to it, and refused if either was refused.
    /// </summary>
    public static CollectorTotals Join(CollectorTotals one, CollectorTotals other) => new()
    {
        FirstTickMs = one.FirstTickMs is { } first && other.FirstTickMs is { } second
            ? Math.Min(first, second)
            : one.FirstTickMs ?? other.FirstTickMs,
        Received = one.Received + other.Received,
        Archived = one.Archived + other.Archived,
        ArchivedRecords = one.ArchivedRecords + other.ArchivedRecords,
        SpooledRecords = one.SpooledRecords + other.SpooledRecords,
        Rejected = Joined(one.Rejected, other.Rejected, (left, right) => left + right),
        Connected = Joined(one.Connected, other.Connected, (left, right) => left || right),
        Refused = Joined(one.Refused, other.Refused, (left, _) => left),
        Symbols = one.Symbols.Union(other.Symbols).ToHashSet(),
    };

    private static Dictionary<string, T> Joined<T>(
        IReadOnlyDictionary<string, T> one, IReadOnlyDictionary<string, T> other, Func<T, T, T> join)
    {
        var joined = new Dictionary<string, T>(one);
        foreach (var (name, value) in other)
        {
            joined[name] = joined.TryGetValue(name, out var existing) ? join(existing, value) : value;
        }

        return joined;
    }
}
