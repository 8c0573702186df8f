namespace CloudTicks.AppHost.Local.Screen;

/// <summary>A part as its supervisor knows it.</summary>
/// <param name="Name">Its name in the lines.</param>
/// <param name="State">How it is.</param>
/// <param name="Endpoint">Where it listens; empty while that is not known.</param>
/// <param name="Health">Answers 200 while it can do its work; null when it has no such address.</param>
/// <param name="Restarts">How often it was started again.</param>
/// <param name="RestartedAt">When it was last started again and healthy; null before.</param>
internal sealed record Part(
    string Name, PartState State = PartState.Waiting, string Endpoint = "", Uri? Health = null, int Restarts = 0,
    DateTimeOffset? RestartedAt = null);
