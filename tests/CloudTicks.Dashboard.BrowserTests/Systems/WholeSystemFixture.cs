using CloudTicks.TestServices;

namespace CloudTicks.Dashboard.BrowserTests.Systems;

/// <summary>The whole system for the tests of one collection, which run sequentially.</summary>
public sealed class WholeSystemFixture(PostgresFixture postgres) : IAsyncLifetime
{
    /// <summary>The system.</summary>
    internal WholeSystem System { get; private set; } = null!;

    /// <summary>Starts the system.</summary>
    public async ValueTask InitializeAsync() => System = await WholeSystem.StartAsync(postgres);

    /// <summary>Stops the system.</summary>
    public async ValueTask DisposeAsync() => await (System?.DisposeAsync() ?? ValueTask.CompletedTask);
}

/// <summary>Tests that share the whole system.</summary>
[CollectionDefinition(Name)]
public sealed class WholeSystemCollection : ICollectionFixture<WholeSystemFixture>
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "whole system";
}
