namespace CloudTicks.Lake.Tests;

/// <summary>The tests of this collection run alone, because they measure the memory of the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryCollection
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "memory";
}
