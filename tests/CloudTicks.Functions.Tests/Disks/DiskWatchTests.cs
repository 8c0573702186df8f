using System.Collections.Concurrent;
using CloudTicks.CentralHub.Store;
using CloudTicks.Functions.Disks;
using CloudTicks.Functions.Storing;
using CloudTicks.TestServices;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Functions.Tests.Disks;

/// <summary>The disk watch on a disk that the test fills, and on a real table.</summary>
public sealed class DiskWatchTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const long Gigabyte = 1_000_000_000;
    private const long HourMs = 3_600_000;

    private readonly TestTime _time = new(TimeProvider.System.GetUtcNow());
    private readonly FakeDisk _disk = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private ServiceProvider _services = null!;
    private string _connectionString = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DiskWatch Watch => _services.GetRequiredService<DiskWatch>();

    private DiskState State => _services.GetRequiredService<DiskStates>().All.Single();

    public async ValueTask InitializeAsync()
    {
        _connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        Build();
        await _services.GetRequiredService<SchemaMigrator>().MigrateAsync(Cancellation);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Filling_disk_is_logged_early_and_hourly()
    {
        await CheckAsync(500 * Gigabyte, TimeSpan.FromMinutes(10));
        State.Level.ShouldBe(DiskLevel.Ok);
        (await HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);

        // The free space shrinks by 30 GB per hour, so the disk is full in 16.5 hours.
        await CheckAsync(495 * Gigabyte, TimeSpan.FromMinutes(1));
        State.Level.ShouldBe(DiskLevel.Warning);
        State.UntilFull!.Value.TotalHours.ShouldBe(16.5, 0.1);
        State.BytesPerHour!.Value.ShouldBe(30e9, 1e8);
        (await HealthAsync()).Description!.ShouldStartWith(
            "The disk of the table (here) is filling up: 495 GB of 1 TB are free, enough for 16.5 hours");
        _lines.Count.ShouldBe(1);

        for (var minute = 0; minute < 60; minute++)
        {
            await CheckAsync(495 * Gigabyte - (minute * Gigabyte / 2), TimeSpan.FromMinutes(1));
        }

        _lines.Count.ShouldBe(2);
        await CheckAsync(30 * Gigabyte, TimeSpan.FromMinutes(1));
        State.Level.ShouldBe(DiskLevel.Critical);
        (await HealthAsync()).Description!.ShouldStartWith("Critical: ");
        _lines.Last().ShouldContain("is nearly full");

        // Space was freed.
        await CheckAsync(900 * Gigabyte, TimeSpan.FromMinutes(1));
        State.Level.ShouldBe(DiskLevel.Ok);
        _lines.Last().ShouldContain("has room again");
        _lines.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Low_space_is_logged_without_a_rate_and_unknown_space_is_not()
    {
        await CheckAsync(49 * Gigabyte, TimeSpan.FromMinutes(1));
        State.Level.ShouldBe(DiskLevel.Warning);
        await CheckAsync(19 * Gigabyte, TimeSpan.FromMinutes(1));
        State.Level.ShouldBe(DiskLevel.Critical);
        var lineCount = _lines.Count;

        await CheckAsync(null, TimeSpan.FromHours(2));

        (State.Level, State.Problem, _lines.Count).ShouldBe((DiskLevel.Unknown, null, lineCount));
    }

    [Fact]
    public async Task New_table_limited_by_retention_causes_no_warning()
    {
        _disk.GrowsFor = TimeSpan.FromHours(10);
        await CheckAsync(500 * Gigabyte, TimeSpan.FromMinutes(10));

        await CheckAsync(495 * Gigabyte, TimeSpan.FromMinutes(1));

        (State.Level, State.UntilFull).ShouldBe((DiskLevel.Ok, null));
        _disk.GrowsFor = TimeSpan.FromHours(20);
        await CheckAsync(494 * Gigabyte, TimeSpan.FromMinutes(1));
        State.Level.ShouldBe(DiskLevel.Warning);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Oldest_chunks_are_dropped_early_only_if_configured(bool isConfigured)
    {
        Build(("Timescale:DropEarlyWhenDiskCritical", isConfigured ? "true" : "false"));
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        await FillAsync(now - (5 * HourMs), now);
        var chunkCount = await CountChunksAsync();
        await CheckAsync(100 * Gigabyte, TimeSpan.FromMinutes(1));
        (await CountChunksAsync()).ShouldBe(chunkCount);

        await CheckAsync(10 * Gigabyte, TimeSpan.FromMinutes(1));
        (await CountChunksAsync()).ShouldBe(isConfigured ? chunkCount - 1 : chunkCount);

        for (var check = 0; check < 8; check++)
        {
            await CheckAsync(10 * Gigabyte, TimeSpan.FromMinutes(1));
        }

        var remainingChunks = await CountChunksAsync();
        _lines.Count(line => line.Contains("was dropped early", StringComparison.Ordinal)).ShouldBe((int)(chunkCount - remainingChunks));
        if (isConfigured)
        {
            remainingChunks.ShouldBeInRange(2, 3);
            (await ScalarAsync($"SELECT count(*) FROM market_ticks WHERE timestamp_ms >= {now - HourMs}")).ShouldBe(5);
            _lines.ShouldContain(line => line.StartsWith("No chunk can be dropped early", StringComparison.Ordinal));
        }
        else
        {
            remainingChunks.ShouldBe(chunkCount);
        }
    }

    [Fact]
    public async Task Disks_are_polled_at_once_when_the_schema_is_ready()
    {
        using var watch = Watch;
        await watch.StartAsync(Cancellation);
        await _disk.Polled.WaitAsync(Cancellation);

        // The clock is stopped, so that only the readiness of the schema causes the next check.
        _services.GetRequiredService<SchemaReadiness>().Set();
        await _disk.Polled.WaitAsync(Cancellation);

        await watch.StopAsync(Cancellation);
    }

    private void Build(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("ConnectionStrings:timescale", _connectionString),
                .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value))]).Build();
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddFilter("CloudTicks", LogLevel.Information).AddProvider(new LineProvider(_lines)))
            .AddMetrics().AddSingleton<IConfiguration>(configuration).AddSingleton<TimeProvider>(_time)
            .AddTimescale(configuration).AddCentralHubStore().AddDisks().RemoveAll<IDiskSource>().AddSingleton<IDiskSource>(_disk)
            .BuildServiceProvider();
    }

    private async Task CheckAsync(long? freeBytes, TimeSpan advance)
    {
        _disk.FreeBytes = freeBytes;
        await Watch.CheckAsync(Cancellation);
        _time.Advance(advance);
    }

    private async Task<HealthReportEntry> HealthAsync() =>
        (await _services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries["disks"];

    private Task<long> CountChunksAsync() =>
        ScalarAsync("SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_name = 'market_ticks'");

    private Task<long> FillAsync(long fromMs, long toMs) => ScalarAsync(
        $"""
        INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, tick_hash, received_ms)
        SELECT 'EURUSD', t, 'forex', 'quote', 'live', t, t FROM generate_series({fromMs}, {toMs}, {HourMs / 4}) t RETURNING 1::bigint
        """);

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private sealed class FakeDisk : IDiskSource
    {
        public long? FreeBytes { get; set; }

        public TimeSpan? GrowsFor { get; set; }

        public SemaphoreSlim Polled { get; } = new(0);

        public Task<IReadOnlyList<DiskReading>> ReadAsync(CancellationToken cancellationToken)
        {
            Polled.Release();
            return Task.FromResult<IReadOnlyList<DiskReading>>(
                [new DiskReading(
                    "table", "here", "Make room.") { FreeBytes = FreeBytes, TotalBytes = 1_000 * Gigabyte, GrowsFor = GrowsFor }]);
        }
    }

    private sealed class LineProvider(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        // Records the log lines of the disk watch only: the framework also logs the results of health checks.
        public ILogger CreateLogger(string categoryName) =>
            categoryName.StartsWith("CloudTicks", StringComparison.Ordinal) ? this : NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = formatter(state, exception);
            if (line.Contains("disk", StringComparison.OrdinalIgnoreCase) || line.Contains("early", StringComparison.Ordinal))
            {
                lines.Enqueue(line);
            }
        }

        public void Dispose()
        {
        }
    }
}
