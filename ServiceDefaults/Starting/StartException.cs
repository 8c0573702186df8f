namespace Microsoft.Extensions.Hosting;

/// <summary>A service does not start as it is set; the message says which setting is wrong and what it can be.</summary>
public class StartException(string message, Exception? inner = null) : Exception(message, inner);
