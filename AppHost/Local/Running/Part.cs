namespace CloudTicks.AppHost.Local.Running;

/// <summary>The state of a part, as reported by its supervisor.</summary>
/// <param name="RestartedAt">When the last restart was complete, whether the part is healthy or not; null before the first one.</param>
internal sealed record Part(
    string Name, PartState State = PartState.Waiting, string Endpoint = "", Uri? Health = null, int Restarts = 0,
    DateTimeOffset? RestartedAt = null);
