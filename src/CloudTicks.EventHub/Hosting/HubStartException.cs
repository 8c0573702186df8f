namespace CloudTicks.EventHub.Hosting;

/// <summary>The hub cannot start; the message says why and what to do.</summary>
internal sealed class HubStartException(string message, Exception? inner = null) : Exception(message, inner);
