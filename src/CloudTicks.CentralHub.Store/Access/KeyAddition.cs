namespace CloudTicks.CentralHub.Store.Access;

/// <summary>What became of a key that was to be added.</summary>
public enum KeyAddition
{
    /// <summary>It can be used.</summary>
    Added,

    /// <summary>Another key that can be used has its name.</summary>
    NameTaken,

    /// <summary>There are <see cref="AccessKeyTable.MostKeys"/> that can be used.</summary>
    TooMany,
}
