using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Wal;

/// <summary>
/// Large batches are written in slices; small batches of other clients overtake them. A slice is small only if a small batch has arrived
/// recently. The clock is stopped, so that this does not depend on the duration of the flushes.
/// </summary>
public sealed class SlicedWriteTests : IDisposable
{
    private const int LargeBytes = 20_000;
    private static readonly WalSettings Sizes = new() { MaxBytes = 2000, SharedBytes = 2000, SliceBytes = 1000, ReserveBytes = 4096 };
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);
    private readonly TemporaryFolder _folder = new();
    private readonly FaultyDisk _disk = new();
    private readonly LogSource _other = new();
    private readonly TestTime _time = new();
    private int _flushes;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Small_batch_of_other_client_passes_large_batch()
    {
        await using var storage = await StartAsync();
        using var resume = new ManualResetEventSlim();
        var passed = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        BeforeFlush(n =>
        {
            if (n == 1)
            {
                storage.Enqueue("ticks", 0, Batches.Of("small"), out var answered, _other);
                passed.SetResult(answered);
            }
            else if (n == 3)
            {
                resume.Wait(MaxWait); // the second flush included the small batch
            }
        });
        var large = storage.Enqueue("ticks", 0, Large("large"), out var written);
        await await passed.Task;
        written.IsCompleted.ShouldBeFalse();
        Values(storage).ShouldBe(["small"]);
        resume.Set();
        await written;
        large.BaseOffset.ShouldBe(1);
        _flushes.ShouldBeGreaterThan(LargeBytes / Sizes.SliceBytes - 1, "no flush includes more than one slice");
        Values(storage).ShouldBe(["small", "large"]);
    }

    [Fact]
    public async Task Batches_of_one_client_keep_their_order()
    {
        await using var storage = await StartAsync();
        var completions = new List<Task>();
        for (var i = 0; i < 5; i++)
        {
            storage.Enqueue("ticks", 0, Large($"large {i}", sequence: 2 * i), out var large);
            storage.Enqueue("ticks", 0, Batches.Of([$"small {i}"], producer: 1, epoch: 0, sequence: (2 * i) + 1), out var small);
            completions.AddRange([large, small]);
        }

        await Task.WhenAll(completions);
        Values(storage).ShouldBe(Enumerable.Range(0, 5).SelectMany(i => new[] { $"large {i}", $"small {i}" }));
    }

    [Fact]
    public async Task Large_batch_completes_despite_continuous_small_batches()
    {
        await using var storage = await StartAsync();
        var small = new List<Task>();
        BeforeFlush(_ =>
        {
            for (var i = 0; i < 3 && small.Count < 300; i++)
            {
                storage.Enqueue("ticks", 1, Batches.Of(new string('s', 400)), out var answered, _other);
                small.Add(answered);
            }
        });
        storage.Enqueue("ticks", 0, Large("large"), out var written);
        await written;
        BeforeFlush(static _ => { });
        await storage.AppendAsync("ticks", 0, Batches.Of("end"));
        await Task.WhenAll(small);
        Values(storage).ShouldBe(["large", "end"]);
        storage.ReadAll("ticks", 1).Count.ShouldBe(small.Count);
    }

    [Fact]
    public async Task Kill_at_any_flush_keeps_only_complete_batches()
    {
        var data = _folder.File("hub");
        var killedCopies = new List<(string Folder, int Answered)>();
        var (answered, isLargeAnswered) = (0, false);
        await using (var storage = await StartAsync())
        {
            BeforeFlush(n =>
            {
                killedCopies.Add((DataCopy.Take(data, _folder.File($"killed-{n}")), Volatile.Read(ref answered)));
                if (n < 12)
                {
                    storage.Enqueue("ticks", 0, Batches.Of($"small {n}"), out var small, _other);
                    small.ContinueWith(_ => Interlocked.Increment(ref answered), TaskContinuationOptions.ExecuteSynchronously);
                }
            });
            storage.Enqueue("ticks", 0, Large("large"), out var written);
            await written;
            BeforeFlush(static _ => { });
            isLargeAnswered = true;
        }

        isLargeAnswered.ShouldBeTrue();
        killedCopies.Count.ShouldBeGreaterThan(10);
        foreach (var (folder, smallest) in killedCopies)
        {
            await using var reopened = new TestStorage(folder, sizes: Sizes);
            var small = Values(reopened).Where(v => v != "large").ToList();
            small.Count.ShouldBeGreaterThanOrEqualTo(smallest, folder);
            small.ShouldBe(Enumerable.Range(1, small.Count).Select(n => $"small {n}"), folder);
            reopened.Log.Lines.ShouldNotContain(line => line.Contains("damage", StringComparison.OrdinalIgnoreCase), folder);
            var next = reopened.Topic("ticks").Partitions[0].HighWatermark;
            (await reopened.AppendAsync("ticks", 0, Large("again"))).ShouldBe((ErrorCode.None, next));
            Values(reopened)[^1].ShouldBe("again");
        }
    }

    [Fact]
    public async Task Deletion_of_topic_drops_sliced_batch()
    {
        await using (var storage = await StartAsync())
        {
            await storage.CreateAsync("going");
            BeforeFlush(n =>
            {
                if (n == 2)
                {
                    storage.Hub.Log.Enqueue(new TopicDeletion(storage.Hub.Topics, storage.Hub.Offsets.RemoveTopic, "going"));
                }
            });
            var large = storage.Enqueue("going", 0, Large("large"), out var answered);
            await answered;
            large.Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
            (await storage.AppendAsync("ticks", 0, Batches.Of("next"))).ShouldBe((ErrorCode.None, 0));
        }

        await using var reopened = new TestStorage(_folder.File("hub"), sizes: Sizes);
        Values(reopened).ShouldBe(["next"]);
        reopened.Log.Lines.ShouldNotContain(line => line.Contains("cut off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Full_disk_between_slices_refuses_the_batch()
    {
        await using (var storage = await StartAsync())
        {
            BeforeFlush(n => _disk.Full = n == 3);
            var large = storage.Enqueue("ticks", 0, Large("large"), out var answered);
            var next = storage.Enqueue("ticks", 0, Batches.Of("behind"), out var nextCompleted);
            await answered;
            large.Error.ShouldBe(ErrorCode.StorageError);
            _disk.Full = false;
            await nextCompleted; // the batch is refused or written
            ErrorCode error;
            do
            {
                _time.Advance(TimeSpan.FromSeconds(1)); // a failed write is retried after a while
                (error, _) = await storage.AppendAsync("ticks", 0, Large("again"));
            }
            while (error == ErrorCode.StorageError);
            Values(storage).ShouldBe(next.Error == ErrorCode.None ? ["behind", "again"] : ["again"]);
        }

        await using var reopenedAfterFault = new TestStorage(_folder.File("hub"), sizes: Sizes);
        Values(reopenedAfterFault)[^1].ShouldBe("again");
    }

    [Fact]
    public async Task Stop_completes_sliced_batch()
    {
        Task written;
        await using (var storage = await StartAsync())
        {
            var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            BeforeFlush(_ => first.TrySetResult());
            storage.Enqueue("ticks", 0, Large("large"), out written);
            await first.Task;
        }

        await written;
        await using var reopened = new TestStorage(_folder.File("hub"), sizes: Sizes);
        Values(reopened).ShouldBe(["large"]);
    }

    private async Task<TestStorage> StartAsync()
    {
        var storage = new TestStorage(_folder.File("hub"), _disk, sizes: Sizes, time: _time);
        await storage.CreateAsync("ticks", 2);
        return storage;
    }

    private void BeforeFlush(Action<int> onFlush)
    {
        _flushes = 0;
        _disk.BeforeFlush = () => onFlush(++_flushes);
    }

    private static byte[] Large(string value, int sequence = -1) =>
        Batches.Of([value.PadRight(LargeBytes, '.')], producer: sequence < 0 ? -1 : 1, epoch: (short)(sequence < 0 ? -1 : 0), sequence);

    private static List<string> Values(TestStorage storage) => [.. storage.ReadAll("ticks").Select(r => r.Value.TrimEnd('.'))];
}
