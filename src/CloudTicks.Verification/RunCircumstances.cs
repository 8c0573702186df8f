namespace CloudTicks.Verification;

/// <summary>Events of a run that its verification must take into account.</summary>
public sealed record RunCircumstances
{
    /// <summary>Restarts by part name; parts without restarts are omitted.</summary>
    public IReadOnlyDictionary<string, int> Restarts { get; init; } = new Dictionary<string, int>();

    /// <summary>The gaps within the time of the run.</summary>
    public IReadOnlyList<RunGap> Gaps { get; init; } = [];

    /// <summary>The last restart of a NATS server, Unix ms; null for none.</summary>
    public long? NatsRestartedMs { get; init; }

    /// <summary>The reasons why not everything about the run can be proved, a sentence each.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
