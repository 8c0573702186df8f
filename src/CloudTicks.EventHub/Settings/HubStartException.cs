namespace CloudTicks.EventHub.Settings;

/// <summary>The settings prevent the start; the message says what to change.</summary>
internal sealed class HubStartException(string message, Exception? inner = null) : StartException(message, inner);
