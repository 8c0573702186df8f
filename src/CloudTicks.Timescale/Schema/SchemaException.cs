namespace CloudTicks.Timescale.Schema;

/// <summary>The database does not have the required schema, or cannot be migrated to it. The message says what to do.</summary>
public sealed class SchemaException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SchemaException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
