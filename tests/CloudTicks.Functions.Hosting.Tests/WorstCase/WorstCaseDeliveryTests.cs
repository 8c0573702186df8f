using Azure.Messaging.EventHubs;
using CloudTicks.Functions.Hosting.WorstCase;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Functions.Hosting.Tests.WorstCase;

public sealed class WorstCaseDeliveryTests
{
    [Fact]
    public async Task Same_seed_causes_the_same_faults_and_another_seed_others()
    {
        var first = await CallsAsync(seed: 7);

        (await CallsAsync(seed: 7)).ShouldBe(first);
        (await CallsAsync(seed: 8)).ShouldNotBe(first);
        first.Count.ShouldBeGreaterThan(100, "some batches are delivered again");
    }

    [Fact]
    public async Task Repeated_events_have_no_gap_and_span_batches()
    {
        var calls = await CallsAsync(seed: 7);

        calls.ShouldAllBe(call => call.Last - call.First + 1 == call.Count);
        calls.ShouldContain(call => call.First % 10 != 0 && call.First / 10 != call.Last / 10);
    }

    /// <summary>
    /// Delivers a hundred batches of ten events to a function that succeeds immediately. Returns the first offset, the last offset and the
    /// number of events of each call.
    /// </summary>
    private static async Task<List<(long First, long Last, int Count)>> CallsAsync(int seed)
    {
        var calls = new List<(long, long, int)>();
        var options = new WorstCaseOptions { Enabled = true, Seed = seed, Rate = 0.3 };
        var delivery = new WorstCaseDelivery(
            (events, _) =>
            {
                calls.Add((events[0].SequenceNumber, events[^1].SequenceNumber, events.Length));
                return Task.CompletedTask;
            },
            options,
            new Dice(options, "here"),
            "here",
            TimeProvider.System,
            NullLogger.Instance);
        for (var batch = 0; batch < 100; batch++)
        {
            await delivery.DeliverAsync(
                [.. Enumerable.Range(batch * 10, 10).Select(Event)], TestContext.Current.CancellationToken);
        }

        return calls;
    }

    private static EventData Event(int offset) =>
        new(new BinaryData("tick"), new Dictionary<string, object>(), offset, $"{offset}", DateTimeOffset.UnixEpoch, null);
}
