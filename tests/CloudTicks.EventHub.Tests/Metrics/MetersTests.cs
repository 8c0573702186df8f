using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Metrics;

public sealed class MetersTests
{
    [Fact]
    public async Task Traffic_is_measured()
    {
        await using var hub = await RunningHub.StartAsync();
        var measured = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, of) =>
        {
            if (instrument.Meter.Scope == hub.Meters)
            {
                of.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
        listener.Start();

        using (var client = await WireClient.ConnectAsync(hub.Address))
        {
            (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
            (await client.ProduceAsync("ticks", 0, Batches.Of("a", "b", "c"))).Error.ShouldBe(ErrorCode.None);
            (await client.ProduceAsync("ticks", 0, Batches.Of("d"))).Error.ShouldBe(ErrorCode.None);
            (await client.FetchAsync("ticks", 0, 0)).Records.ShouldNotBeEmpty();
            (await client.FetchAsync("ticks", 0, 3)).Records.ShouldNotBeEmpty();
            measured["eventhub.connections"].ShouldBe(1);
        }

        measured["eventhub.records.acknowledged"].ShouldBe(4);
        measured["eventhub.records.fetched"].ShouldBe(5);
        measured["eventhub.received"].ShouldBeGreaterThan(200);
        measured["eventhub.sent"].ShouldBeGreaterThan(200);
        measured["eventhub.log.flush.duration"].ShouldBeGreaterThanOrEqualTo(3);
        measured["eventhub.request.duration api=Produce"].ShouldBe(2);

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            measured.AddOrUpdate(
                tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Key}={tags[0].Value}", value, (_, sum) => sum + value);
    }
}
