namespace CloudTicks.CentralHub.Client;

internal sealed record FollowedState
{
    /// <summary>The version in force; null as long as neither the hub nor the file has given one.</summary>
    public HubDocument? InForce { get; init; }

    /// <summary>Whether it was kept on disk, and the hub has not confirmed it yet.</summary>
    public bool IsFromFile { get; init; }

    /// <summary>The newest version, when it cannot be used.</summary>
    public HubDocument? Refused { get; init; }

    public string? Problem { get; init; }

    /// <summary>How the hub could not be asked the last time; null when it could.</summary>
    public string? Away { get; init; }

    /// <summary>When that began, by the clock's timestamp.</summary>
    public long AwaySince { get; init; }

    public string InForceText => InForce switch
    {
        null => "What file and environment say",
        { Version: var version } when IsFromFile => $"Version {version}, kept on disk,",
        { Version: var version } => $"Version {version}",
    };
}
