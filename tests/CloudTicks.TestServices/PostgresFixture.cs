using CloudTicks.LocalServices.Postgres;
using Xunit;

namespace CloudTicks.TestServices;

/// <summary>
/// A PostgreSQL server with TimescaleDB for the test process, in a temporary folder on a free port. Used as an assembly fixture; each test
/// creates its own database: <c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c>.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PostgresServer? _server;
    private int _databases;

    /// <summary>The running server.</summary>
    public PostgresServer Server => _server ?? throw new InvalidOperationException("The fixture was not initialized.");

    /// <summary>Creates a new database without any extension.</summary>
    /// <param name="cancellationToken">Cancels the command.</param>
    /// <returns>Its Npgsql connection string.</returns>
    public Task<string> CreateDatabaseAsync(CancellationToken cancellationToken = default) =>
        Server.CreateDatabaseAsync($"test_{Interlocked.Increment(ref _databases)}", cancellationToken);

    /// <summary>Kills the server (SIGKILL) and restarts it on the same port and data; PostgreSQL then recovers from its log.</summary>
    public async Task KillAndRestartAsync()
    {
        var port = Server.Port;
        Server.Kill();
        await Server.DisposeAsync();
        await StartAsync(port);
    }

    /// <summary>Starts the server.</summary>
    public async ValueTask InitializeAsync() => await StartAsync(port: 0);

    /// <summary>Stops the server and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            // A clean stop would first flush dozens of databases that are deleted right after.
            await _server.AbortAsync();
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    // Small memory and log settings: several test processes run concurrently.
    private async Task StartAsync(int port) => _server = await PostgresServer.StartAsync(
        await TestInstallation.GetAsync(),
        new PostgresServerOptions
        {
            DataFolder = _folder.File("timescale"),
            Port = port,
            SharedBuffersMegabytes = 64,
            MaxWalMegabytes = 512
        });
}
