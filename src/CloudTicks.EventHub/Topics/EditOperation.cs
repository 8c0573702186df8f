namespace CloudTicks.EventHub.Topics;

/// <summary>The operations of IncrementalAlterConfigs, with the protocol's numbers.</summary>
internal enum EditOperation : sbyte
{
    Set = 0,

    /// <summary>Resets the setting to its default.</summary>
    Delete = 1,

    /// <summary>Adds the missing items to a list.</summary>
    Append = 2,

    /// <summary>Removes items from a list.</summary>
    Subtract = 3,
}
