using System.Collections.ObjectModel;

namespace CloudTicks.Ticks.Status;

/// <summary>A central hub's services and the processes that follow them: <c>GET /api/v1/services</c>, in snake_case.</summary>
public sealed record HubStatus(IReadOnlyList<ServiceStatus> Services);

/// <summary>A service whose document the central hub stores.</summary>
public sealed record ServiceStatus
{
    /// <summary>The service's name.</summary>
    public required string Service { get; init; } = "";

    /// <summary>The version in force; 0 before the first change.</summary>
    public required int Version { get; init; }

    /// <summary>The ETag of the version.</summary>
    public string Etag { get; init; } = "";

    /// <summary>The author of the version in force; null for the defaults.</summary>
    public string? Author { get; init; }

    /// <summary>When the version in force was created, ISO 8601; null for the defaults.</summary>
    public string? Time { get; init; }

    /// <summary>When the service was registered, ISO 8601; null for a built-in service.</summary>
    public string? Registered { get; init; }

    /// <summary>The revision of the service's registration; null for a built-in service.</summary>
    public int? Revision { get; init; }

    /// <summary>The processes that follow the service and reported recently.</summary>
    public required IReadOnlyList<InstanceStatus> Instances { get; init; } = [];
}

/// <summary>The last report of a process of a service.</summary>
public sealed record InstanceStatus
{
    /// <summary>The process's name.</summary>
    public required string Instance { get; init; } = "";

    /// <summary>The version that the process follows.</summary>
    public required int Version { get; init; }

    /// <summary>The process's state.</summary>
    public required string State { get; init; } = "";

    /// <summary>Why the process refuses a newer version, with that version's number; null when it refuses none.</summary>
    public required string? Problem { get; init; }

    /// <summary>When the process sent the report, ISO 8601.</summary>
    public string Time { get; init; } = "";

    /// <summary><see cref="Time"/> in Unix ms, UTC.</summary>
    public required long ReportedMs { get; init; }

    /// <summary>When the process began to follow <see cref="Version"/>, ISO 8601, by the hub's clock; null when unknown.</summary>
    public string? Since { get; init; }

    /// <summary><see cref="Since"/> in Unix ms, UTC.</summary>
    public long? SinceMs { get; init; }

    /// <summary>The figures that the process reported, by name.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = ReadOnlyDictionary<string, double>.Empty;
}
