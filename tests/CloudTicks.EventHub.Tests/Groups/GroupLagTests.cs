using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Groups;

public sealed class GroupLagTests
{
    [Fact]
    public async Task Lag_is_measured_per_group_and_topic()
    {
        var name = $"lag-{Guid.NewGuid():N}";
        await using var hub = await RunningHub.StartAsync();
        using var client = await WireClient.ConnectAsync(hub.Address);
        (await client.CreateTopicAsync("ticks", 2)).ShouldBe(ErrorCode.None);
        (await client.CreateTopicAsync("other")).ShouldBe(ErrorCode.None);
        await client.ProduceAsync("ticks", 0, Batches.Of("a", "b", "c"));
        await client.ProduceAsync("ticks", 1, Batches.Of("d", "e"));
        await client.ProduceAsync("other", 0, Batches.Of("x"));
        using var reader = new WireMember(hub.Address, name);
        (await reader.CommitAsync("ticks", 0, 1)).ShouldBe(ErrorCode.None);
        (await reader.CommitAsync("ticks", 1, 2)).ShouldBe(ErrorCode.None);

        Measure(hub, name).ShouldBe([("ticks", 2L)]);

        (await reader.CommitAsync("other", 0, 0)).ShouldBe(ErrorCode.None);
        (await reader.CommitAsync("ticks", 0, 3)).ShouldBe(ErrorCode.None);
        Measure(hub, name).ShouldBe([("other", 1L), ("ticks", 0L)]);
        (await client.DeleteGroupAsync(name)).ShouldBe(ErrorCode.None);
        Measure(hub, name).ShouldBeEmpty();
    }

    private static List<(string Topic, long Lag)> Measure(RunningHub hub, string group)
    {
        var lags = new ConcurrentBag<(string, long)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, one) =>
        {
            // Other event hubs of this process may be stopping.
            if (instrument.Meter.Scope == hub.Meters && instrument.Name == "eventhub.group.lag")
            {
                one.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, lag, tags, _) =>
        {
            var tagValues = tags.ToArray().ToDictionary(t => t.Key, t => (string)t.Value!);
            if (tagValues["group"] == group)
            {
                lags.Add((tagValues["topic"], lag));
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. lags.Order()];
    }
}
