using CloudTicks.LocalServices.Nats;
using CloudTicks.TestServices;

namespace ServiceDefaults.Tests;

/// <summary>
/// The spans and log lines of real services (simulator, collector, event hub, functions, PostgreSQL and NATS) for one tick.
/// </summary>
public sealed class TraceExportTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_trace_covers_archive_table_and_NATS()
    {
        using var folder = new TemporaryFolder();
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var nats = await NatsFixture.StartClusterAsync(nodes: 1, Cancellation);
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        await using var simulator = await ServiceProcess.StartAsync(
            "CloudTicks.Simulator", ["--urls", "http://127.0.0.1:0", "--Simulator:Rate", "20"]);
        var feedAddress = new Uri((await simulator.LineAsync("Now listening on: ")).Split("Now listening on: ")[1]).Authority;
        var environment = await EnvironmentAsync(receiver, hub, nats, await postgres.CreateDatabaseAsync(Cancellation));
        await using var functions = await ServiceProcess.StartAsync(
            "CloudTicks.Functions", ["--urls", "http://127.0.0.1:0"], new(environment));
        await using var collector = await ServiceProcess.StartAsync(
            "CloudTicks.Collector", ["--urls", "http://127.0.0.1:0"], new(environment)
            {
                ["POLYGON_API_KEY"] = "simulated",
                ["Polygon__Endpoint"] = $"ws://{feedAddress}",
                ["Polygon__RestEndpoint"] = $"http://{feedAddress}",
                ["Collector__DataFolder"] = folder.File("collector"),
                ["Collector__Symbols"] = "EURUSD",
            });

        IGrouping<string, OtlpSpan>? whole = null;
        // On a busy machine a batch may fail and be delivered again; the trace of such a batch has a second span of the same name.
        await receiver.UntilAsync(
            () => (whole = receiver.Spans.GroupBy(span => span.TraceId).FirstOrDefault(
                trace => trace.Count() == 3 && trace.DistinctBy(span => span.Name).Count() == 3
                    && trace.All(span => span.Status == 1))) is not null);

        var (archive, store, publish) = (Of("archive"), Of("store"), Of("publish"));
        (archive.Service, archive.Source, archive.Kind, archive.Status, archive.ParentId).ShouldBe(
            ("CloudTicks.Collector", "CloudTicks.Collection", 4, 1, ""));
        (store.Service, store.Source, store.Kind, store.Status, store.ParentId).ShouldBe(
            ("CloudTicks.Functions", "CloudTicks.Functions", 5, 1, archive.Id));
        (publish.Service, publish.Source, publish.Kind, publish.Status, publish.ParentId).ShouldBe(
            ("CloudTicks.Functions", "CloudTicks.Functions", 5, 1, archive.Id));
        archive.Attributes.Keys.ShouldBe(["cloudticks.ticks", "messaging.destination.partition.id"], ignoreOrder: true);
        int.Parse(archive.Attributes["cloudticks.ticks"]).ShouldBePositive();
        int.Parse(archive.Attributes["messaging.destination.partition.id"]).ShouldBeInRange(0, 31);
        store.Attributes.Keys.ShouldBe(["messaging.batch.message_count"]);
        publish.Attributes.Keys.ShouldBe(["messaging.batch.message_count"]);
        int.Parse(store.Attributes["messaging.batch.message_count"]).ShouldBePositive();
        // All spans are measured with one clock: the span of the archive begins before those of the table and of NATS.
        store.StartNs.ShouldBeGreaterThan(archive.StartNs);
        publish.StartNs.ShouldBeGreaterThan(archive.StartNs);
        new[] { archive, store, publish }.ShouldAllBe(span => span.EndNs > span.StartNs);

        OtlpSpan Of(string name) => whole!.Single(span => span.Name == name);
    }

    private static async Task<Dictionary<string, string?>> EnvironmentAsync(
        OtlpReceiver receiver, EventHubProcess hub, NatsCluster nats, string database)
    {
        var installation = await TestInstallation.GetAsync();
        return new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
            ["CLOUDTICKS_LIBRDKAFKA"] = installation.Librdkafka,
            ["CLOUDTICKS_LIBNATS"] = installation.Libnats,
            ["ConnectionStrings__eventhubs"] = hub.BootstrapServers,
            ["ConnectionStrings__nats"] = nats.Url,
            ["ConnectionStrings__timescale"] = database,
        };
    }
}
