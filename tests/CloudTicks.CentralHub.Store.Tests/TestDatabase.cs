using CloudTicks.TestServices;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.CentralHub.Store.Tests;

/// <summary>A separate database with the schema for one test.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private TestDatabase(string connectionString) => Source = NpgsqlDataSource.Create(connectionString);

    /// <summary>Connections as the server's superuser.</summary>
    public NpgsqlDataSource Source { get; }

    public static async Task<TestDatabase> CreateAsync(PostgresFixture postgres)
    {
        var database = new TestDatabase(await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken));
        await database.MigrateAsync();
        return database;
    }

    public Task MigrateAsync() =>
        new SchemaMigrator(Source, TimeProvider.System, NullLogger<SchemaMigrator>.Instance)
            .MigrateAsync(TestContext.Current.CancellationToken);

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
