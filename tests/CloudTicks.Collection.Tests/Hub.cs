using CloudTicks.TestServices;

[assembly: AssemblyFixture(typeof(NativeLibrariesFixture))]

namespace CloudTicks.Collection.Tests;

/// <summary>The tests that share one event hub take turns: they compare all that is in its archive.</summary>
[CollectionDefinition(Name)]
public sealed class Hub : ICollectionFixture<EventHubFixture>
{
    public const string Name = "event hub";
}
