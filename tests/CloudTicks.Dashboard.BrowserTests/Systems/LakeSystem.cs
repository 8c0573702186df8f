using System.Text.Json;
using CloudTicks.Collection.Tests.Replicas;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Topics;
using CloudTicks.LocalServices.Nats;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Dashboard.BrowserTests.Systems;

/// <summary>The functions and the dashboard with twelve days of EUR/USD: the lake has all of them, the table the last three.</summary>
internal sealed class LakeSystem : IAsyncDisposable
{
    /// <summary>The number of ticks, one quote every two minutes.</summary>
    public const int Ticks = Days * 24 * 30;

    public const int Days = 12;

    private const long StepMs = 120_000;
    private const int RecordTicks = 720;
    private const int Partitions = 32;

    private readonly TemporaryFolder _folder = new();
    private EventHubProcess _hub = null!;
    private NatsCluster _nats = null!;

    private LakeSystem()
    {
    }

    public ServiceProcess Functions { get; private set; } = null!;

    public ServiceProcess Dashboard { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<LakeSystem> StartAsync(PostgresFixture postgres)
    {
        var system = new LakeSystem();
        try
        {
            await system.StartPartsAsync(await postgres.CreateDatabaseAsync(Cancellation));
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (Dashboard?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Functions?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_hub?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_nats?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }

    private async Task StartPartsAsync(string database)
    {
        _nats = await NatsFixture.StartClusterAsync(1, Cancellation);
        _hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        await WriteAsync();
        Functions = await ServiceProcess.StartAsync(
            "FunctionsProgram", ("ConnectionStrings__eventhubs", _hub.BootstrapServers), ("ConnectionStrings__timescale", database),
            ("ConnectionStrings__nats", _nats.Servers[0].Url), ("Lake__Folder", _folder.File("lake")), ("Lake__Interval", "00:00:00"));
        Dashboard = await ServiceProcess.StartAsync(
            "DashboardProgram", ("ConnectionStrings__nats", _nats.Servers[0].Url), ("Dashboard__Functions", Functions.Address.ToString()),
            ("Dashboard__Collectors__0", "http://127.0.0.1:9"), ("Dashboard__EventHubHealth", ""));
        await Functions.UntilHealthyAsync();
        // Stored ticks are counted after their transaction, which ends the lag.
        await Functions.UntilAsync("api/v1/status", status =>
            status.TryGetProperty("lake", out var lake) && lake.GetProperty("rows").GetInt64() == Ticks
            && status.GetProperty("lag_records") is { ValueKind: JsonValueKind.Number } lag && lag.GetInt64() == 0
            && status.GetProperty("stored").GetInt64() > 0);
    }

    /// <summary>Archives quotes whose prices follow a random walk.</summary>
    private async Task WriteAsync()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:eventhubs", _hub.BootstrapServers)]).Build();
        await using var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System)
            .AddSingleton<IConfiguration>(configuration).AddEventStream(configuration).BuildServiceProvider();
        await ArchiveTopics.EnsureAsync(
            services.GetRequiredService<EventStreamConnection>(), NullLogger.Instance, TimeSpan.FromMinutes(1), TimeProvider.System,
            Cancellation);
        var producer = services.GetRequiredService<RecordProducer>();
        _ = Symbol.TryParse("EURUSD", out var symbol);
        var partition = symbol!.PartitionOf(Partitions);
        var builder = new TickBatchBuilder(partition, TickSource.Live);
        var random = new Random(20261122);
        var bid = 116_000;
        var firstMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - (Ticks * StepMs);
        for (var number = 0; number < Ticks; number++)
        {
            bid += random.Next(-30, 31);
            var ms = firstMs + (number * StepMs);
            builder.Add(new Tick
            {
                Symbol = symbol,
                Kind = TickKind.Quote,
                Fields = TickFields.Bid | TickFields.Ask,
                TimestampMs = ms,
                ReceivedMs = ms + 12,
                Bid = Price.Create(bid, 5),
                Ask = Price.Create(bid + 6, 5),
            });
            if (number % RecordTicks == RecordTicks - 1)
            {
                _ = await producer.SendAsync(TopicNames.TickArchive, partition, builder.ToRecord(), [], Cancellation);
                builder.Clear();
            }
        }

        await producer.FlushAsync(Cancellation);
    }
}
