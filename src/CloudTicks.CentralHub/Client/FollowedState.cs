namespace CloudTicks.CentralHub.Client;

internal sealed record FollowedState
{
    /// <summary>The version in force; null before the hub or the file provides one.</summary>
    public HubDocument? InForce { get; init; }

    /// <summary>Whether the version in force was read from disk and the hub has not confirmed it yet.</summary>
    public bool IsFromFile { get; init; }

    /// <summary>The newest version if it was refused; otherwise null.</summary>
    public HubDocument? Refused { get; init; }

    public string? Problem { get; init; }

    /// <summary>Why the last request to the hub failed; null when it succeeded.</summary>
    public string? HubProblem { get; init; }

    /// <summary>When the outage began, a timestamp of the <see cref="TimeProvider"/>.</summary>
    public long UnavailableSince { get; init; }

    public string InForceText => InForce switch
    {
        null => "The configuration from files and environment",
        { Version: var version } when IsFromFile => $"Version {version}, stored on disk,",
        { Version: var version } => $"Version {version}",
    };
}
