using CloudTicks.TestServices;

namespace ServiceDefaults.Tests;

public sealed class TelemetryExportTests
{
    [Fact]
    public async Task Service_sends_its_meters_and_its_log_by_otlp_and_no_secret()
    {
        using var folder = new TemporaryFolder();
        var installation = await TestInstallation.GetAsync();
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var service = await ServiceProcess.StartAsync("CloudTicks.Collector", ["--urls", "http://127.0.0.1:0"], new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "500",
            ["CLOUDTICKS_LIBRDKAFKA"] = installation.Librdkafka,
            ["CLOUDTICKS_LIBNATS"] = installation.Libnats,
            ["POLYGON_API_KEY"] = "canary-key-1234",
            ["Collector__DataFolder"] = folder.File("collector"),
            ["Collector__Symbols"] = "EURUSD",
            ["ConnectionStrings__eventhubs"] = "127.0.0.1:1",
        });

        await receiver.UntilAsync(
            () => receiver.Metrics.Contains(("cloudticks.collector.received.ticks", "{tick}"))
                && receiver.Metrics.Contains(("cloudticks.collector.spool.bytes", "By"))
                && receiver.Lines.Any(line => line.Contains("Now listening on", StringComparison.Ordinal)));

        receiver.Lines.ShouldNotContain(line => line.Contains("canary-key-1234", StringComparison.Ordinal));
    }
}
