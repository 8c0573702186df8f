using CloudTicks.TestServices;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Timescale.Tests;

public class TimescaleWiringTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Database_is_unhealthy_until_it_is_migrated()
    {
        await using var services = Services(await postgres.CreateDatabaseAsync(Cancellation));
        var health = services.GetRequiredService<HealthCheckService>();

        var before = await CheckAsync(health);
        await services.GetRequiredService<SchemaMigrator>().MigrateAsync(Cancellation);
        var after = await CheckAsync(health);

        before.Status.ShouldBe(HealthStatus.Unhealthy);
        before.Entries["timescale"].Description!.ShouldContain("0001_market_ticks");
        after.Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Health_names_an_unavailable_database()
    {
        await using var services = Services(postgres.Server.GetConnectionString("not_made"));

        var report = await CheckAsync(services.GetRequiredService<HealthCheckService>());

        report.Entries["timescale"].Description!.ShouldContain("not_made");
    }

    /// <summary>Checks the health until the database responds in time: on a busy machine a response may take longer than a check.</summary>
    private static async Task<HealthReport> CheckAsync(HealthCheckService health)
    {
        while (true)
        {
            var report = await health.CheckHealthAsync(Cancellation);
            if (report.Entries["timescale"].Description?.StartsWith("The database did not respond", StringComparison.Ordinal) != true)
            {
                return report;
            }
        }
    }

    private static ServiceProvider Services(string connectionString)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:timescale"] = connectionString }).Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddTimescale(configuration)
            .BuildServiceProvider();
    }
}
