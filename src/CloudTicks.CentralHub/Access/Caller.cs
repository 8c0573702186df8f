namespace CloudTicks.CentralHub.Access;

/// <summary>Who asks for something.</summary>
/// <param name="Name">As the history and the audit log name him: the name of the key, or of the local user.</param>
/// <param name="Role">What he may do.</param>
public sealed record Caller(string Name, AccessRole Role);
