namespace CloudTicks.EventHub.Settings;

/// <summary>The hub does not start as it is set; the message says what to change.</summary>
internal sealed class HubStartException(string message, Exception? inner = null) : StartException(message, inner);
