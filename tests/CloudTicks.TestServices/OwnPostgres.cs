using CloudTicks.LocalServices.Postgres;

namespace CloudTicks.TestServices;

/// <summary>A PostgreSQL server with TimescaleDB for one test, which may stop and restart it.</summary>
public sealed class OwnPostgres : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _dataFolder;
    private PostgresServer? _server;
    private int _port;

    private OwnPostgres(string? dataFolder) => _dataFolder = dataFolder ?? _folder.File("timescale");

    /// <summary>The server, even after it was stopped.</summary>
    public PostgresServer Server => _server ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>Starts a server on a free port.</summary>
    /// <param name="dataFolder">The data folder; null for a temporary one.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns>The server.</returns>
    public static async Task<OwnPostgres> StartAsync(string? dataFolder, CancellationToken cancellationToken)
    {
        var postgres = new OwnPostgres(dataFolder);
        await postgres.StartAsync(cancellationToken);
        return postgres;
    }

    /// <summary>Starts or restarts the server; a restart uses the same port and data.</summary>
    /// <param name="cancellationToken">Cancels the start.</param>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _server = await PostgresServer.StartAsync(
            await TestInstallation.GetAsync(),
            new PostgresServerOptions { DataFolder = _dataFolder, Port = _port, SharedBuffersMegabytes = 32, MaxWalMegabytes = 64 },
            cancellationToken);
        _port = _server.Port;
    }

    /// <summary>Kills the server (SIGKILL) and waits until it has exited.</summary>
    public async Task KillAsync()
    {
        Server.Kill();
        await Server.DisposeAsync();
    }

    /// <summary>Stops the server like <c>pg_ctl stop -m fast</c>.</summary>
    public ValueTask StopAsync() => Server.DisposeAsync();

    /// <summary>Stops the server and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await Server.AbortAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
