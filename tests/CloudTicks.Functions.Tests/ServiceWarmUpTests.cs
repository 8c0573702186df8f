using System.Diagnostics.Metrics;
using CloudTicks.Functions.Storing;
using CloudTicks.TestServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Functions.Tests;

public class ServiceWarmUpTests(PostgresFixture postgres)
{
    private const int Partitions = 32;
    private const string IncompleteText = "The warm-up did not complete";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Warm_up_leaves_nothing_in_table_archive_and_NATS()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsAsync();

        await functions.UntilHealthAsync(200);

        (await system.CountRowsAsync()).ShouldBe(0);
        (await system.ArchiveEndsAsync(Partitions)).Values.ShouldAllBe(end => end == 0);
        // A message published by the warm-up would have arrived before that of a real tick.
        await system.ProduceAsync(3, TestTicks.Record(3, 0, 1));
        await system.UntilSeenAsync(1);
        await system.UntilRowsAsync(1);
        system.Seen.Keys.ShouldBe([TestTicks.IdentityOf(0)]);
    }

    [Fact]
    public async Task Killed_or_locked_warm_up_leaves_nothing_and_start_succeeds()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var first = await system.StartFunctionsAsync();
        await first.UntilHealthAsync(200);
        await first.KillAsync();
        await using (await system.LockTableAsync())
        {
            while (!await IsKilledWhileStoringAsync(system))
            {
                // The warm-up waits five seconds for the table, and on a busy machine it ends before the test sees it waiting.
            }

            var functions = await system.StartFunctionsAsync();
            await functions.UntilHealthAsync(200);
            await functions.LineAsync(IncompleteText);
        }

        (await system.CountRowsAsync()).ShouldBe(0);
        (await system.QueryAsync<long>("SELECT count(*) FROM stream_offsets WHERE stream = 'warmUp'")).ShouldBe(0);
    }

    /// <summary>Starts functions, and kills them when their warm-up waits for the table or has ended.</summary>
    /// <returns>True if the warm-up was waiting.</returns>
    private static async Task<bool> IsKilledWhileStoringAsync(TestSystem system)
    {
        var killed = await system.StartFunctionsAsync();
        var isStoring = false;
        await system.UntilAsync(async () =>
        {
            var hasEnded = killed.CountLines(IncompleteText) > 0;
            isStoring = await system.QueryAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%'") > 0;
            return isStoring || hasEnded ? null : "the warm-up does not store its ticks";
        });
        await killed.KillAsync();
        return isStoring;
    }

    [Fact]
    public async Task Service_is_not_ready_before_the_warm_up_has_ended()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using var database = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=none");
        var schema = new SchemaReadiness();
        schema.Set();
        var outage = new StoringOutage(database, TimeProvider.System, NullLogger<StoringOutage>.Instance);
        using var lag = new ArchiveLag(
            schema, null!, services.GetRequiredService<IMeterFactory>(), TimeProvider.System, NullLogger<ArchiveLag>.Instance);
        using var warmUp = new ServiceWarmUp(
            schema, null!, null!, null!, null!, TimeProvider.System, NullLogger<ServiceWarmUp>.Instance);

        var health = await new StoringHealthCheck(outage, schema, lag, warmUp).CheckHealthAsync(new HealthCheckContext(), Cancellation);

        health.Status.ShouldBe(HealthStatus.Unhealthy);
        health.Description.ShouldNotBeNull().ShouldContain("the warm-up has not ended");
    }
}
