using CloudTicks.TestServices;

namespace CloudTicks.Dashboard.BrowserTests.Systems;

/// <summary>The whole system for the tests of one collection, which run one after the other.</summary>
public sealed class WholeSystemFixture(PostgresFixture postgres) : IAsyncLifetime
{
    /// <summary>The system.</summary>
    internal WholeSystem System { get; private set; } = null!;

    /// <summary>Starts it.</summary>
    public async ValueTask InitializeAsync() => System = await WholeSystem.StartAsync(postgres);

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync() => await (System?.DisposeAsync() ?? ValueTask.CompletedTask);
}

/// <summary>Tests that share the whole system.</summary>
[CollectionDefinition(Name)]
public sealed class WholeSystemCollection : ICollectionFixture<WholeSystemFixture>
{
    /// <summary>Its name.</summary>
    public const string Name = "whole system";
}
