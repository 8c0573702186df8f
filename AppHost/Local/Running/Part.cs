namespace CloudTicks.AppHost.Local.Running;

/// <summary>A part as its supervisor knows it.</summary>
/// <param name="RestartedAt">When it was last started again and healthy; null before.</param>
internal sealed record Part(
    string Name, PartState State = PartState.Waiting, string Endpoint = "", Uri? Health = null, int Restarts = 0,
    DateTimeOffset? RestartedAt = null);
