using CloudTicks.Ticks.Status;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>What one collector, or several as if they were one, has done.</summary>
internal sealed record CollectorTotals
{
    public long? FirstTickMs { get; init; }

    public long Received { get; init; }

    public long Archived { get; init; }

    public long ArchivedRecords { get; init; }

    public long SpooledRecords { get; init; }

    public IReadOnlyDictionary<string, long> Rejected { get; init; } = new Dictionary<string, long>();

    public IReadOnlyDictionary<string, bool> Connected { get; init; } = new Dictionary<string, bool>();

    /// <summary>Why a market's feed was refused permanently, by market.</summary>
    public IReadOnlyDictionary<string, string> Refused { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it stands among those that share the symbols; null when it is alone, and of several together.</summary>
    public ReplicaStatus? Replica { get; init; }

    public IReadOnlySet<string> Symbols { get; init; } = new HashSet<string>();

    /// <summary>Whether all that was received is refused or acknowledged, and nothing of a former process waits.</summary>
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

    /// <summary>The two as if they were one collector: a market is connected, or refused, when it is for either.</summary>
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
            joined[name] = joined.TryGetValue(name, out var there) ? join(there, value) : value;
        }

        return joined;
    }
}
