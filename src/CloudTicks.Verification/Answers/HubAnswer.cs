namespace CloudTicks.Verification.Answers;

/// <summary>The services and the processes that follow their documents (<c>GET /api/v1/config</c>).</summary>
internal sealed record HubAnswer(IReadOnlyList<ServiceAnswer> Services);

/// <summary>A service.</summary>
internal sealed record ServiceAnswer(string Service, int Version, IReadOnlyList<InstanceAnswer> Instances);

/// <summary>What a process said last.</summary>
internal sealed record InstanceAnswer(string Instance, int Version, string State, string? Problem, long ReportedMs);
