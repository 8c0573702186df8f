namespace CloudTicks.Lake.Sql;

/// <summary>A query was refused before it ran; the message says why.</summary>
public sealed class LakeQueryException : Exception
{
    internal LakeQueryException(string message)
        : base(message)
    {
    }
}
