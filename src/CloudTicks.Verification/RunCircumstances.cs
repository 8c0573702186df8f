namespace CloudTicks.Verification;

/// <summary>What happened to the parts of a run, as far as the proof must know it.</summary>
public sealed record RunCircumstances
{
    /// <summary>How often parts were started again, by name; parts that were not are left out.</summary>
    public IReadOnlyDictionary<string, int> Restarts { get; init; } = new Dictionary<string, int>();

    /// <summary>The gaps of the run's own time.</summary>
    public IReadOnlyList<RunGap> Gaps { get; init; } = [];

    /// <summary>When a NATS server was last started again, Unix ms; null when none was.</summary>
    public long? NatsRestartedMs { get; init; }

    /// <summary>What keeps the run from proving anything, a sentence each.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
