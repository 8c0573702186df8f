namespace Microsoft.Extensions.Hosting;

/// <summary>A service does not start as it is set; the message says which setting is wrong and what it can be.</summary>
/// <param name="message">One sentence or more.</param>
/// <param name="inner">What caused it.</param>
public class StartException(string message, Exception? inner = null) : Exception(message, inner);
