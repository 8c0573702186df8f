using System.Text.Json.Nodes;

namespace CloudTicks.Deployment.Tests;

public sealed class HostJsonTests
{
    public static JsonObject Host { get; } = Repository.Json("src/CloudTicks.Functions/host.json");

    [Fact]
    public void File_conforms_to_the_runtimes_schema()
    {
        Host["version"]!.GetValue<string>().ShouldBe("2.0");
        Host.Select(section => section.Key)
            .ShouldBeSubsetOf(["version", "extensions", "logging", "functionTimeout", "telemetryMode", "healthMonitor"]);
        Host["extensions"]!.AsObject().Select(extension => extension.Key).ShouldBe(["http", "eventHubs"], ignoreOrder: true);
        Host["extensions"]!["eventHubs"]!.AsObject().Select(setting => setting.Key).ShouldBeSubsetOf(
        [
            "maxEventBatchSize", "minEventBatchSize", "maxWaitTime", "prefetchCount", "prefetchSizeInBytes", "batchCheckpointFrequency",
            "targetUnprocessedEventThreshold", "transportType", "webProxy", "customEndpointAddress", "clientRetryOptions",
            "loadBalancingUpdateInterval",
            "partitionOwnershipExpirationInterval", "trackLastEnqueuedEventProperties", "enableCheckpointing", "initialOffsetOptions",
        ]);
    }

    [Fact]
    public void Group_without_a_checkpoint_begins_at_the_start() =>
        Host["extensions"]!["eventHubs"]!["initialOffsetOptions"]!["type"]!.GetValue<string>().ShouldBe("fromStart");

    [Fact]
    public void Batch_sizes_are_within_the_limit_of_the_extension()
    {
        var settings = Host["extensions"]!["eventHubs"]!;
        var maxBatchSize = settings["maxEventBatchSize"]!.GetValue<int>();

        maxBatchSize.ShouldBeInRange(1, 100_000);
        (settings["minEventBatchSize"]?.GetValue<int>() ?? 1).ShouldBeInRange(1, maxBatchSize);
        (settings["prefetchCount"]?.GetValue<int>() ?? maxBatchSize).ShouldBeGreaterThanOrEqualTo(maxBatchSize);
        (settings["enableCheckpointing"]?.GetValue<bool>() ?? true).ShouldBeTrue();
    }
}
