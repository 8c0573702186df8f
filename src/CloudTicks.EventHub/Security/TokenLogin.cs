namespace CloudTicks.EventHub.Security;

/// <summary>Who logged in by a token, and how long that holds.</summary>
internal sealed record TokenLogin(string Name, TimeSpan Lifetime);
