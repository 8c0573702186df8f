namespace CloudTicks.AppHost.Local.Running;

/// <summary>The run cannot start or go on; the sentence is for the user.</summary>
internal sealed class LocalRunException(string message) : Exception(message);
