namespace CloudTicks.AppHost.Local.Running;

/// <summary>The run cannot start or continue; the message is written for the user.</summary>
internal sealed class LocalRunException(string message) : Exception(message);
