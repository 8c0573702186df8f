using System.Runtime.InteropServices;
using CloudTicks.LocalServices.Processes;
using Npgsql;

namespace CloudTicks.LocalServices.Postgres;

/// <summary>A running PostgreSQL 17 with TimescaleDB, on the loopback address, as a child of this process.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The time limit of a fast shutdown, which writes a checkpoint and so may be slow.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(30);

    private readonly PostgresProcess _process;
    private readonly string _password;

    private PostgresServer(PostgresProcess process, string dataFolder, string password)
    {
        _process = process;
        _password = password;
        DataFolder = dataFolder;
    }

    /// <summary>The server's TCP port on 127.0.0.1.</summary>
    public int Port => _process.Port;

    /// <summary>The process id of the server's main process.</summary>
    public int Pid => _process.Child.Pid;

    /// <summary>The absolute path of the server's data folder.</summary>
    public string DataFolder { get; }

    /// <summary>A file in the format of PGPASSFILE with the superuser's password; only the owner can read it.</summary>
    public string PasswordFile => PostgresDataFolder.PasswordFileOf(DataFolder);

    /// <summary>Completes with the exit code when the server ends.</summary>
    public Task<int> Exited => _process.Child.Exited;

    /// <summary>The last lines of the server's log.</summary>
    public IReadOnlyList<string> LogTail => _process.Log.Lines();

    /// <summary>
    /// Starts a server and waits until it accepts connections; after a crash the wait includes the recovery. A missing data folder is
    /// created first, in one step.
    /// </summary>
    /// <param name="installation">The programs.</param>
    /// <param name="options">The data folder, the port and the limits.</param>
    /// <param name="cancellationToken">Cancels the wait and stops the server.</param>
    /// <returns>The server; disposing it stops it.</returns>
    /// <exception cref="InvalidOperationException">The server cannot start; the message contains the reason, or the end of its
    /// log.</exception>
    public static async Task<PostgresServer> StartAsync(
        LocalInstallation installation, PostgresServerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(installation);
        ArgumentNullException.ThrowIfNull(options);
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.DataFolder));
        var account = ServiceAccount.For(path, installation.Folder);
        var folder = new PostgresDataFolder(path, account);
        await folder.EnsureAsync(installation, options.Time, options.OnNotice, cancellationToken);
        var password = await folder.ReadPasswordAsync(cancellationToken);
        var process = await PostgresProcess.StartAsync(installation, options with { DataFolder = path }, account, cancellationToken);
        return new PostgresServer(process, path, password);
    }

    /// <summary>The Npgsql connection string of a database of this server; it contains the password.</summary>
    /// <param name="database">Name of the database.</param>
    public string GetConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = PostgresDataFolder.Superuser,
        Password = _password,
    }.ConnectionString;

    /// <summary>Creates a database without extensions, unless it exists.</summary>
    /// <param name="name">Its name, of letters, digits and <c>_</c>.</param>
    /// <param name="cancellationToken">Cancels the command.</param>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Any(character => !char.IsAsciiLetterOrDigit(character) && character != '_'))
        {
            throw new ArgumentException($"A database name may contain only letters, digits and '_': '{name}' is invalid.", nameof(name));
        }

        var maintenanceSettings = new NpgsqlConnectionStringBuilder(GetConnectionString("postgres")) { Pooling = false };
        await using var connection = new NpgsqlConnection(maintenanceSettings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var create = new NpgsqlCommand($"CREATE DATABASE \"{name}\"", connection);
        try
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            // The database already exists.
        }

        return GetConnectionString(name);
    }

    /// <summary>Stops the server cleanly: it rolls back open transactions, closes connections and writes everything to disk.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync() => _process.Child.TerminateAsync(StopGrace, PosixSignal.SIGINT);

    /// <summary>
    /// Stops the server immediately, without writing to disk what the next start can recover from the log. Use it for disposable data,
    /// which may be large.
    /// </summary>
    /// <returns>The exit code.</returns>
    public Task<int> AbortAsync() => _process.Child.TerminateAsync(StopGrace, PosixSignal.SIGQUIT);

    /// <summary>Kills the server (SIGKILL), like a crash; the next start recovers.</summary>
    public void Kill() => _process.Child.Kill();

    /// <summary>Stops the server cleanly.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _process.Child.DisposeAsync();
    }
}
