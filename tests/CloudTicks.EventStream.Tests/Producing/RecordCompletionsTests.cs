using System.Collections.Concurrent;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Tests.Producing;

public sealed class RecordCompletionsTests
{
    private const int Threads = 4;
    private const int RecordsPerThread = 10_000;
    private const int BatchSize = 16;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_record_of_every_thread_is_completed()
    {
        var completions = new RecordCompletions();
        var records = Enumerable.Range(0, Threads * RecordsPerThread).Select(Record).ToArray();

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(
            () =>
            {
                for (var i = thread * RecordsPerThread; i < (thread + 1) * RecordsPerThread; i++)
                {
                    completions.Add(records[i], i);
                }
            },
            Cancellation)));

        var offsets = await Task.WhenAll(records.Select(record => record.Delivered)).WaitAsync(Cancellation);
        offsets.SequenceEqual(Enumerable.Range(0, records.Length).Select(i => (long)i)).ShouldBeTrue();
    }

    [Fact]
    public async Task Records_of_one_response_complete_in_order_on_one_thread()
    {
        using var mayContinue = new ManualResetEventSlim();
        var continuations = new ConcurrentQueue<(int Record, int Thread)>();
        var completions = new RecordCompletions();
        var followers = new List<Task>();
        for (var i = 0; i < BatchSize; i++)
        {
            var number = i;
            var record = Record(number);
            followers.Add(record.Delivered.ContinueWith(
                _ =>
                {
                    mayContinue.Wait(Cancellation);
                    continuations.Enqueue((number, Environment.CurrentManagedThreadId));
                },
                Cancellation, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default));
            completions.Add(record, number);
        }

        mayContinue.Set();

        await Task.WhenAll(followers).WaitAsync(Cancellation);
        continuations.Select(one => one.Record).ShouldBe(Enumerable.Range(0, BatchSize));
        continuations.Select(one => one.Thread).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Rejected_record_fails_with_the_reason()
    {
        var record = Record(0);
        var refusal = new EventStreamException("refused");

        new RecordCompletions().Add(record, 0, refusal);

        (await Should.ThrowAsync<EventStreamException>(() => record.Delivered.WaitAsync(Cancellation))).ShouldBe(refusal);
    }

    private static PendingRecord Record(int i) => new("ticks", 0, 100, i);
}
