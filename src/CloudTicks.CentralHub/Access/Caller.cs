namespace CloudTicks.CentralHub.Access;

/// <summary>The sender of a request.</summary>
/// <param name="Name">The name in history and audit log: the name of the key, or of the local user.</param>
/// <param name="Role">What the caller may do.</param>
public sealed record Caller(string Name, AccessRole Role);
