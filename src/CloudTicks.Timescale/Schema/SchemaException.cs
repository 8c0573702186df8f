namespace CloudTicks.Timescale.Schema;

/// <summary>The database cannot be brought to, or does not have, the schema that this program needs. The message says what to do.</summary>
public sealed class SchemaException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was wrong, where, and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SchemaException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
