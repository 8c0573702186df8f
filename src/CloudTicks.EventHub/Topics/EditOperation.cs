namespace CloudTicks.EventHub.Topics;

/// <summary>What IncrementalAlterConfigs can do to a setting, by the protocol's numbers.</summary>
internal enum EditOperation : sbyte
{
    Set = 0,

    /// <summary>Back to the default.</summary>
    Delete = 1,

    /// <summary>To a list, what it does not have yet.</summary>
    Append = 2,

    /// <summary>From a list.</summary>
    Subtract = 3,
}
