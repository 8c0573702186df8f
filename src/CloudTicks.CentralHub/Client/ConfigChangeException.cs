namespace CloudTicks.CentralHub.Client;

/// <summary>A document could not be changed. The message contains no secret.</summary>
public sealed class ConfigChangeException : Exception
{
    /// <summary>Creates the exception without a reason.</summary>
    public ConfigChangeException()
        : this("The document was not changed.")
    {
    }

    /// <summary>Creates the exception with a reason.</summary>
    public ConfigChangeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a reason and a cause.</summary>
    public ConfigChangeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
