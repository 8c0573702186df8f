namespace CloudTicks.Lake;

/// <summary>The lake cannot be read or written; the message says what is wrong and where.</summary>
public class LakeException : Exception
{
    /// <summary>Creates the exception.</summary>
    public LakeException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public LakeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public LakeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
