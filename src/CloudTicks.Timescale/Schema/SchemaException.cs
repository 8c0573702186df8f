namespace CloudTicks.Timescale.Schema;

/// <summary>The database cannot be brought to, or does not have, the schema that this program needs. The message says what to do.</summary>
public sealed class SchemaException : Exception
{
    /// <summary>Makes the exception.</summary>
    public SchemaException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
