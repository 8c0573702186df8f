namespace CloudTicks.EventHub.Security;

/// <summary>The client name of a token login, and how long the login is valid.</summary>
internal sealed record TokenLogin(string Name, TimeSpan Lifetime);
