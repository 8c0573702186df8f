namespace CloudTicks.AppHost.Local.Running;

/// <summary>The state of a part, as reported by its supervisor.</summary>
/// <param name="RestartedAt">When the part last became healthy after a restart; null if it never restarted.</param>
internal sealed record Part(
    string Name, PartState State = PartState.Waiting, string Endpoint = "", Uri? Health = null, int Restarts = 0,
    DateTimeOffset? RestartedAt = null);
