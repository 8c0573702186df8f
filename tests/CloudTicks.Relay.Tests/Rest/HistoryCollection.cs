using CloudTicks.TestServices;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace CloudTicks.Relay.Tests.Rest;

/// <summary>Tests that share one <see cref="HistoryFixture"/>.</summary>
[CollectionDefinition(nameof(HistoryCollection))]
public sealed class HistoryCollection : ICollectionFixture<HistoryFixture>;
