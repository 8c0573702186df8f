namespace CloudTicks.CentralHub.Client;

/// <summary>A document was not changed; the message is a sentence without a secret.</summary>
public sealed class ConfigChangeException : Exception
{
    /// <summary>Makes one without a reason.</summary>
    public ConfigChangeException()
        : this("The document was not changed.")
    {
    }

    /// <summary>Makes one with the reason.</summary>
    public ConfigChangeException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with the reason and the cause.</summary>
    public ConfigChangeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
