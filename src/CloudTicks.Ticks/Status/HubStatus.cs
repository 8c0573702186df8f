using System.Collections.ObjectModel;

namespace CloudTicks.Ticks.Status;

/// <summary>A central hub's services and the processes that follow them: <c>GET /api/v1/services</c>, in snake_case.</summary>
public sealed record HubStatus(IReadOnlyList<ServiceStatus> Services);

/// <summary>A service whose document the central hub keeps.</summary>
public sealed record ServiceStatus
{
    /// <summary>Its name.</summary>
    public required string Service { get; init; } = "";

    /// <summary>The version in force; 0 before the first change.</summary>
    public required int Version { get; init; }

    /// <summary>The tag of the version.</summary>
    public string Etag { get; init; } = "";

    /// <summary>Who made it.</summary>
    public string? Author { get; init; }

    /// <summary>When it was made, ISO 8601; null for the defaults.</summary>
    public string? Time { get; init; }

    /// <summary>When it was registered, ISO 8601; null for a service of CloudTicks itself.</summary>
    public string? Registered { get; init; }

    /// <summary>The revision of its registration; null for a service of CloudTicks itself.</summary>
    public int? Revision { get; init; }

    /// <summary>The processes that follow it and have reported lately.</summary>
    public required IReadOnlyList<InstanceStatus> Instances { get; init; } = [];
}

/// <summary>What a process of a service reported last.</summary>
public sealed record InstanceStatus
{
    /// <summary>The process's name.</summary>
    public required string Instance { get; init; } = "";

    /// <summary>The version that it follows.</summary>
    public required int Version { get; init; }

    /// <summary>Where it stands.</summary>
    public required string State { get; init; } = "";

    /// <summary>What keeps it from following; null when nothing does.</summary>
    public required string? Problem { get; init; }

    /// <summary>When it reported, ISO 8601.</summary>
    public string Time { get; init; } = "";

    /// <summary>The same, Unix ms, UTC.</summary>
    public required long ReportedMs { get; init; }

    /// <summary>Since when it follows that version, ISO 8601, by the hub's clock; null when it is not known.</summary>
    public string? Since { get; init; }

    /// <summary>The same, Unix ms, UTC.</summary>
    public long? SinceMs { get; init; }

    /// <summary>Numbers that it reported, by name.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = ReadOnlyDictionary<string, double>.Empty;
}
