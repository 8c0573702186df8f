namespace CloudTicks.Functions.Configuring;

/// <summary>What became of a change.</summary>
public enum ChangeState
{
    /// <summary>It is a new version, or would be one.</summary>
    Made,

    /// <summary>The document says that already.</summary>
    Unchanged,

    /// <summary>What would come of it cannot be used.</summary>
    Refused,

    /// <summary>The document is not the one that was to be changed.</summary>
    Overtaken,
}
