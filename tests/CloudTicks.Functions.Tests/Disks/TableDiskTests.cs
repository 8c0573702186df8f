using CloudTicks.CentralHub.Store;
using CloudTicks.Functions.Disks;
using CloudTicks.TestServices;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Functions.Tests.Disks;

/// <summary>Tests the readings of a real database's disk, and of the spools of collectors that do not report.</summary>
public sealed class TableDiskTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Local_server_reports_size_free_space_and_growth_limit()
    {
        await using var services = await BuildAsync();

        var table = await ReadAsync(services, "table");

        table.Bytes!.Value.ShouldBeGreaterThan(1_000_000);
        table.TotalBytes.ShouldBe(new DriveInfo(postgres.Server.DataFolder).TotalSize);
        table.FreeBytes!.Value.ShouldBeGreaterThan(0);
        table.Note.ShouldBeNull();
        table.GrowsFor!.Value.TotalHours.ShouldBeInRange(71, 72);
    }

    [Fact]
    public async Task Configured_size_replaces_an_invisible_disk()
    {
        await using var services = await BuildAsync(("Disks:TableBytes", "1000000000"));

        var table = await ReadAsync(services, "table");

        (table.TotalBytes, table.FreeBytes).ShouldBe((1_000_000_000, 1_000_000_000 - table.Bytes));
    }

    [Fact]
    public async Task Missing_folder_and_silent_collectors_are_unknown()
    {
        await using var services = await BuildAsync(("Disks:TableFolder", "/no/such/folder"));

        (await ReadAsync(services, "table")).Note!.ShouldContain("is unknown");
        (await ReadAsync(services, "spool")).Note!.ShouldContain("No collector");
    }

    [Fact]
    public async Task Unavailable_database_is_reported_as_unknown()
    {
        await using var services = Build("Host=127.0.0.1;Port=1;Database=none");

        (await ReadAsync(services, "table")).Note!.ShouldStartWith("The database does not answer");
        (await ReadAsync(services, "spool")).Note!.ShouldStartWith("The database does not answer");
    }

    [Fact]
    public async Task Database_without_a_schema_is_not_ready()
    {
        await using var services = Build(await postgres.CreateDatabaseAsync(Cancellation));

        (await ReadAsync(services, "table")).Note!.ShouldContain("does not have the schema yet, or this program lacks rights on it");
    }

    private async Task<ServiceProvider> BuildAsync(params (string Name, string Value)[] settings)
    {
        var services = Build(await postgres.CreateDatabaseAsync(Cancellation), settings);
        await services.GetRequiredService<SchemaMigrator>().MigrateAsync(Cancellation);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await using var insert = services.GetRequiredService<Npgsql.NpgsqlDataSource>().CreateCommand(
            $"""
            INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, tick_hash, received_ms)
            VALUES ('EURUSD', {now - 3_600_000}, 'forex', 'quote', 'live', 1, 1), ('EURUSD', {now}, 'forex', 'quote', 'live', 2, 1)
            """);
        await insert.ExecuteNonQueryAsync(Cancellation);
        return services;
    }

    private static ServiceProvider Build(string connectionString, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("ConnectionStrings:timescale", connectionString),
                .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value))]).Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddTimescale(configuration)
            .AddCentralHubStore().AddDisks().BuildServiceProvider();
    }

    private static async Task<DiskReading> ReadAsync(ServiceProvider services, string name)
    {
        var readings = await Task.WhenAll(services.GetServices<IDiskSource>().Select(source => source.ReadAsync(Cancellation)));
        return readings.SelectMany(found => found).Single(reading => reading.Name == name);
    }
}
