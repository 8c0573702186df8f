namespace CloudTicks.Verification;

/// <summary>Events of a run that the proof must know.</summary>
public sealed record RunCircumstances
{
    /// <summary>Restarts by part name; parts without restarts are omitted.</summary>
    public IReadOnlyDictionary<string, int> Restarts { get; init; } = new Dictionary<string, int>();

    /// <summary>The gaps of the run's own time.</summary>
    public IReadOnlyList<RunGap> Gaps { get; init; } = [];

    /// <summary>The last restart of a NATS server, Unix ms; null for none.</summary>
    public long? NatsRestartedMs { get; init; }

    /// <summary>Problems that make a proof impossible.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
