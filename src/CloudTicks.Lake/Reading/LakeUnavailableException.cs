namespace CloudTicks.Lake.Reading;

/// <summary>The lake cannot answer a request; the message says why.</summary>
public sealed class LakeUnavailableException : LakeException
{
    /// <summary>Creates the exception.</summary>
    public LakeUnavailableException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public LakeUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public LakeUnavailableException(string message, Exception? innerException)
        : base(message, innerException!)
    {
    }

    /// <summary>Whether the same request may succeed in a moment.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether reading took too long; a request for a shorter time range may succeed.</summary>
    public bool IsTimeout { get; init; }
}
