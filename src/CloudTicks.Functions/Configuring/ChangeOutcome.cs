namespace CloudTicks.Functions.Configuring;

/// <summary>The result of a change.</summary>
public enum ChangeOutcome
{
    /// <summary>A new version was created, or would have been without the dry run.</summary>
    Made,

    /// <summary>The document already has the requested content.</summary>
    Unchanged,

    /// <summary>The changed document is invalid.</summary>
    Refused,

    /// <summary>The document is not the expected version.</summary>
    Overtaken,
}
