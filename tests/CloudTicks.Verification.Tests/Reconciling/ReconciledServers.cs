using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.TestServices;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Verification.Tests.Reconciling;

/// <summary>The event hub and the database that the tests of a class share; each test uses its own symbol.</summary>
public sealed class ReconciledServers(PostgresFixture postgres) : IAsyncLifetime
{
    private EventHubProcess? _hub;
    private NpgsqlDataSource? _database;

    public string BootstrapServers => _hub!.BootstrapServers;

    public NpgsqlDataSource Database => _database!;

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        _hub = await EventHubProcess.StartAsync(cancellationToken: cancellation);
        await ArchiveTopics.EnsureAsync(
            EventStreamConnection.Parse(BootstrapServers), NullLogger.Instance, TimeSpan.FromMinutes(1), TimeProvider.System,
            cancellation);
        _database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync(cancellation));
        await new SchemaMigrator(_database, TimeProvider.System, NullLogger<SchemaMigrator>.Instance).MigrateAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_hub?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
