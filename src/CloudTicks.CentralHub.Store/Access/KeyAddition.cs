namespace CloudTicks.CentralHub.Store.Access;

/// <summary>The result of adding a key.</summary>
public enum KeyAddition
{
    /// <summary>The key was added.</summary>
    Added,

    /// <summary>Another valid key has the same name.</summary>
    NameTaken,

    /// <summary>There are <see cref="AccessKeyTable.MaxKeys"/> valid keys already.</summary>
    TooMany,
}
