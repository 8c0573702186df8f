namespace CloudTicks.Lake.Sql;

/// <summary>A query that is refused before it runs; the message says why.</summary>
public sealed class LakeQueryException : Exception
{
    internal LakeQueryException(string message)
        : base(message)
    {
    }
}
