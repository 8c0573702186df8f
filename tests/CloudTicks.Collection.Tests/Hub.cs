using CloudTicks.TestServices;

[assembly: AssemblyFixture(typeof(NativeLibrariesFixture))]

namespace CloudTicks.Collection.Tests;

/// <summary>Tests that share an event hub run one after another, because they compare its whole archive.</summary>
[CollectionDefinition(Name)]
public sealed class Hub : ICollectionFixture<EventHubFixture>
{
    public const string Name = "event hub";
}
