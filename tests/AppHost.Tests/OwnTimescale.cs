using CloudTicks.TestServices;
using Npgsql;

namespace AppHost.Tests;

/// <summary>A TimescaleDB server that AppHost has not started, with an empty database.</summary>
internal sealed class OwnTimescale : IAsyncDisposable
{
    private readonly PostgresFixture _server = new();

    private OwnTimescale()
    {
    }

    public string ConnectionString { get; private set; } = "";

    public static async Task<OwnTimescale> StartAsync(CancellationToken cancellationToken)
    {
        var timescale = new OwnTimescale();
        await timescale._server.InitializeAsync();
        timescale.ConnectionString = await timescale._server.CreateDatabaseAsync(cancellationToken);
        return timescale;
    }

    /// <summary>Counts the rows of market_ticks.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(ConnectionString);
        await using var countRows = database.CreateCommand("SELECT count(*) FROM market_ticks");
        return (long)(await countRows.ExecuteScalarAsync(cancellationToken))!;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
