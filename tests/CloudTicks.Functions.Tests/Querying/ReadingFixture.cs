using CloudTicks.TestServices;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Functions.Tests.Querying;

/// <summary>
/// A table with 300 quotes of EURUSD, one per second starting at 2025-01-27 16:00 UTC, and one trade of AAPL. Tests do not change it.
/// </summary>
public sealed class ReadingFixture(PostgresFixture postgres) : IAsyncLifetime
{
    private const long FirstMs = 1_737_993_600_000;

    internal NpgsqlDataSource Database { get; private set; } = null!;

    internal QueryApp App { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        Database = NpgsqlDataSource.Create(connectionString);
        await new SchemaMigrator(Database, TimeProvider.System, NullLogger<SchemaMigrator>.Instance).MigrateAsync(Cancellation);
        await using var insert = Database.CreateCommand(
            $"""
            INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, bid, ask, tick_hash, received_ms)
            SELECT 'EURUSD', {FirstMs} + i * 1000, 'forex', 'quote', 'live', 1.1 + i, 1.2 + i, i, {FirstMs} + i * 1000 + 7 FROM generate_series(0, 299) i;
            INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, price, size, exchange, conditions, sequence, trade_id, tick_hash, received_ms)
            VALUES ('AAPL', {FirstMs} + 60000, 'stock', 'trade', 'backfill', 175.5, 3, 11, ARRAY[12, 37]::smallint[], 2, 'a "b", c', 1, 5);
            """);
        await insert.ExecuteNonQueryAsync(Cancellation);
        App = await QueryApp.StartAsync(connectionString, Database, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Database.DisposeAsync();
    }
}
