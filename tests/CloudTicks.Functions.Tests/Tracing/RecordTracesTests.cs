using System.Diagnostics;
using System.Text;
using Azure.Messaging.EventHubs;
using CloudTicks.Functions.Tracing;

namespace CloudTicks.Functions.Tests.Tracing;

public sealed class RecordTracesTests
{
    [Fact]
    public async Task Span_of_a_batch_continues_the_first_records_trace()
    {
        var (first, second) = (ActivityTraceId.CreateRandom(), ActivityTraceId.CreateRandom());
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RecordTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (spans)
                {
                    spans.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        await RecordTraces.TraceAsync("store", [Event(first), Event(null), Event(second), Event("nonsense")], () => Task.CompletedTask);
        await Should.ThrowAsync<InvalidOperationException>(
            () => RecordTraces.TraceAsync("store", [Event(second)], () => throw new InvalidOperationException("The database is away.")));

        // Other tests run in parallel; select this test's activities.
        Activity[] mine;
        lock (spans)
        {
            mine = [.. spans.Where(span => span.TraceId == first || span.TraceId == second)];
        }

        mine.Select(span => (span.TraceId, span.Status)).ShouldBe([(first, ActivityStatusCode.Ok), (second, ActivityStatusCode.Error)]);
        mine[0].Links.ShouldHaveSingleItem().Context.TraceId.ShouldBe(second);
    }

    private static EventData Event(object? trace)
    {
        var data = new EventData(BinaryData.FromString("{}"));
        if (trace is not null)
        {
            data.Properties["traceparent"] = Encoding.UTF8.GetBytes(
                trace is ActivityTraceId id ? $"00-{id}-{ActivitySpanId.CreateRandom()}-01" : $"{trace}");
        }

        return data;
    }
}
