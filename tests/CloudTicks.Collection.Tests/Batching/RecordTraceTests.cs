using System.Diagnostics;
using System.Text;
using CloudTicks.EventStream.Topics;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;

namespace CloudTicks.Collection.Tests.Batching;

/// <summary>The tests of this collection run alone, because the listener traces the records of every collector in the process.</summary>
[CollectionDefinition(nameof(RecordTraceTests), DisableParallelization = true)]
public sealed class RecordTraceCollection;

[Collection(nameof(RecordTraceTests))]
public sealed class RecordTraceTests(EventHubFixture fixture) : IClassFixture<EventHubFixture>
{
    [Fact]
    public async Task Record_has_traceparent_of_its_span()
    {
        var endedSpan = new TaskCompletionSource<Activity>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "CloudTicks.Collection",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => endedSpan.TrySetResult(activity),
        };
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await HubOutageTests.SendAsync(peer, 1, 1);
            await peer.UntilClosedAsync();
        });
        var archive = new ArchiveReader(fixture.BootstrapServers);
        ActivitySource.AddActivityListener(listener);
        await using var running = await RunningCollector.StartAsync(
            feed.Address, fixture.BootstrapServers, ("Collector:Symbols", "EUR/USD,XAU/USD,GBP/USD,USD/JPY,AUD/USD"));
        var span = await endedSpan.Task.WaitAsync(TestContext.Current.CancellationToken);
        // The span also ends if a busy event hub acknowledges the record so late that it is written to disk.
        await running.UntilAsync(status => status.Archived == 1);

        var record = (await archive.RecordsAsync(TopicNames.TickArchive))
            .Select(record => record.Headers.Where(header => header.Name == HeaderNames.TraceParent))
            .SelectMany(headers => headers).ShouldHaveSingleItem();
        Encoding.UTF8.GetString(record.Value.Span).ShouldBe(span.Id);
        (span.OperationName, span.Status, span.ParentId).ShouldBe(("archive", ActivityStatusCode.Ok, null));
    }
}
