namespace CloudTicks.Lake.Storage;

/// <summary>An object of a store.</summary>
public readonly record struct StoredObject(string Name, long Bytes);
