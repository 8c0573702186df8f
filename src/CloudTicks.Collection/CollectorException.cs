namespace CloudTicks.Collection;

/// <summary>The collector cannot do what it was set up for; the message is a sentence that says what to change.</summary>
/// <param name="cause">What lies behind it.</param>
public class CollectorException(string message, Exception? cause = null) : Exception(message, cause);
