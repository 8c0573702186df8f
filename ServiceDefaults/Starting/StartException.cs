namespace Microsoft.Extensions.Hosting;

/// <summary>A service cannot start with its settings; the message states which setting is wrong and which values are valid.</summary>
public class StartException(string message, Exception? inner = null) : Exception(message, inner);
