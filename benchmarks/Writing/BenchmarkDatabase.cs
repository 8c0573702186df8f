using System.Globalization;
using CloudTicks.Benchmarks.Comparing.Machine;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;
using CloudTicks.LocalServices.Postgres;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CloudTicks.Benchmarks.Writing;

/// <summary>The benchmark's own PostgreSQL server, with the schema of this version; deleted at the end.</summary>
internal sealed class BenchmarkDatabase : IAsyncDisposable
{
    private const string Name = "cloudticks";
    private const string WritersSetting = $"{TimescaleOptions.Section}:{nameof(TimescaleOptions.Writers)}";

    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cloudticks-writing-");
    private PostgresServer? _server;
    private NpgsqlDataSource? _source;

    private BenchmarkDatabase(IReadOnlyDictionary<string, string?> settings) => _settings = settings;

    public string ConnectionString { get; private set; } = "";

    public Psql Psql { get; private set; } = null!;

    /// <summary>User and system time of the server, of its sessions and of parallel workers, since its start.</summary>
    public double ProcessorSeconds => Directory.GetDirectories("/proc").Select(Path.GetFileName)
        .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid == _server!.Pid || IsChild(pid)).Sum(pid => ProcessReading.Of(pid).ProcessorSeconds);

    /// <summary>Starts the server.</summary>
    /// <param name="settings">Values of the section <c>Timescale</c> that are not the default.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<BenchmarkDatabase> StartAsync(
        IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var database = new BenchmarkDatabase(settings);
        try
        {
            await database.StartServerAsync(cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>The services of <see cref="TimescaleServiceCollectionExtensions.AddTimescale"/>.</summary>
    /// <param name="writers">The number of writing connections; null for a service's default.</param>
    public ServiceProvider BuildServices(int? writers = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new($"ConnectionStrings:{TimescaleServiceCollectionExtensions.ConnectionName}", ConnectionString)])
            .AddInMemoryCollection(
                _settings.Select(setting => KeyValuePair.Create($"{TimescaleOptions.Section}:{setting.Key}", setting.Value)))
            .AddInMemoryCollection(
                writers is { } number ? [new(WritersSetting, number.ToString(CultureInfo.InvariantCulture))] : []).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddTimescale(configuration)
            .BuildServiceProvider();
    }

    /// <summary>Empties the table and completes a checkpoint of PostgreSQL, so that no side pays for another one's work.</summary>
    public async Task EmptyAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync("TRUNCATE market_ticks", cancellationToken);
        await ExecuteAsync("CHECKPOINT", cancellationToken);
    }

    /// <summary>The number of rows, and the sum of the hashes of all their columns.</summary>
    public async Task<string> DigestAsync(CancellationToken cancellationToken)
    {
        await using var command = _source!.CreateCommand(
            "SELECT count(*) || ', ' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM market_ticks t");
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The number of ticks at or after a time, Unix ms.</summary>
    public async Task<long> CountSinceAsync(long ms, CancellationToken cancellationToken)
    {
        await using var command = _source!.CreateCommand("SELECT count(*) FROM market_ticks WHERE timestamp_ms >= $1");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = ms });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Runs a query that returns one double.</summary>
    public async Task<double> NumberAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _source!.CreateCommand(sql);
        command.CommandTimeout = 0;
        return (double)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Runs a statement, as the server's superuser.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _source!.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.AbortAsync();
            await _server.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private bool IsChild(int pid) => ProcessReading.StatOf(pid) is { } stat
        && int.Parse(stat[ProcessReading.ParentField], CultureInfo.InvariantCulture) == _server!.Pid;

    private async Task StartServerAsync(CancellationToken cancellationToken)
    {
        var installation = await LocalInstallation.EnsureAsync(new InstallationReport(Console.Error), cancellationToken);
        _server = await PostgresServer.StartAsync(
            installation, new PostgresServerOptions { DataFolder = Path.Combine(_folder.FullName, "data") }, cancellationToken);
        ConnectionString = await _server.CreateDatabaseAsync(Name, cancellationToken);
        _source = NpgsqlDataSource.Create(ConnectionString);
        Psql = new Psql(
            Path.Combine(installation.PostgresFolder, "psql"), _server.PasswordFile, ConnectionString, _folder.FullName, EmptyAsync);
        await using var services = BuildServices();
        await services.GetRequiredService<SchemaMigrator>().MigrateAsync(cancellationToken);
    }
}
