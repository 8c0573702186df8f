using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Broker;

public sealed class DiskFaultTests : IDisposable
{
    /// <summary>The time after a failed write until the event hub tries the next.</summary>
    private static readonly TimeSpan WriteRetryInterval = TimeSpan.FromMilliseconds(100);

    private readonly TemporaryFolder _folder = new();
    private readonly FaultyDisk _disk = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Full_disk_refuses_writes_until_space_is_free()
    {
        var data = _folder.File("hub");
        await using (var storage = new TestStorage(data, _disk))
        {
            await storage.CreateAsync("ticks");
            await storage.AppendAsync("ticks", 0, Batches.Of(["a"], producer: 3, epoch: 0, sequence: 0));
            _disk.Full = true;
            for (var i = 0; i < 3; i++)
            {
                (await storage.AppendAsync("ticks", 0, Batches.Of(["b"], producer: 3, epoch: 0, sequence: 1)))
                    .ShouldBe((ErrorCode.StorageError, -1L));
            }

            storage.ReadAll("ticks").ShouldBe([(0, "a")]);
            _disk.Full = false;
            (ErrorCode Error, long Offset) outcome;
            do
            {
                outcome = await storage.AppendAsync("ticks", 0, Batches.Of(["b"], producer: 3, epoch: 0, sequence: 1));
            }
            while (outcome.Error == ErrorCode.StorageError);
            outcome.ShouldBe((ErrorCode.None, 1L));
            storage.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b")]);
            storage.Log.Lines.ShouldContain(line => line.Contains("producers get a retriable error", StringComparison.Ordinal));
            storage.Log.Lines.ShouldContain(line => line.Contains("accepts writes again", StringComparison.Ordinal));
            storage.Failure.Task.IsCompleted.ShouldBeFalse();
        }

        await using var reopened = new TestStorage(data);
        reopened.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b")]);
    }

    [Fact]
    public async Task Refused_batch_is_absent_after_restart()
    {
        var (data, killed) = (_folder.File("hub"), _folder.File("killed"));
        using var resume = new ManualResetEventSlim();
        var flushing = new TaskCompletionSource();
        await using (var storage = new TestStorage(data, _disk))
        {
            await storage.CreateAsync("ticks");
            _disk.BeforeFlush = () =>
            {
                flushing.TrySetResult();
                resume.Wait();
            };
            storage.Enqueue("ticks", 0, Batches.Of("a"), out var kept);
            await flushing.Task;

            // These entries wait for the flush and share a write, of which only the first half succeeds.
            var one = storage.Enqueue("ticks", 0, Batches.Of("b"), out var oneCompleted);
            var other = storage.Enqueue("ticks", 0, Batches.Of("c"), out var otherCompleted);
            _disk.AppliesTo = path => path.StartsWith(Path.Combine(data, "log"), StringComparison.Ordinal);
            _disk.Full = true;
            resume.Set();
            await Task.WhenAll(kept, oneCompleted, otherCompleted);
            (one.Error, other.Error).ShouldBe((ErrorCode.StorageError, ErrorCode.StorageError));
            DataCopy.Take(data, killed);
            _disk.Full = false;
        }

        await using var reopened = new TestStorage(killed);
        reopened.ReadAll("ticks").ShouldBe([(0, "a")]);
        reopened.Log.Lines.ShouldNotContain(
            line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_only_disk_is_logged_once_and_writing_resumes()
    {
        const int WriteAttempts = 100;
        var clock = new TestClock();
        var data = _folder.File("hub");
        await using (var storage = new TestStorage(data, _disk, time: clock))
        {
            await storage.CreateAsync("ticks");
            await storage.AppendAsync("ticks", 0, Batches.Of("a"));
            _disk.ReadOnly = true;
            (await storage.AppendAsync("ticks", 0, Batches.Of("b"))).ShouldBe((ErrorCode.StorageError, -1L));
            storage.Hub.WriteProblem.ShouldNotBeNull();
            for (var i = 0; i < WriteAttempts; i++)
            {
                clock.Advance(WriteRetryInterval);
                await storage.AppendAsync("ticks", 0, Batches.Of("b"));
            }

            storage.ReadAll("ticks").ShouldBe([(0, "a")]);
            storage.Log.Lines.Count(line => line.Contains("accepts", StringComparison.Ordinal)).ShouldBe(1);
            _disk.ReadOnly = false;
            while ((await storage.AppendAsync("ticks", 0, Batches.Of("c"))).Error != ErrorCode.None)
            {
                clock.Advance(WriteRetryInterval);
            }

            storage.Hub.WriteProblem.ShouldBeNull();
            storage.Log.Lines.ShouldContain(line => line.Contains("accepts writes again", StringComparison.Ordinal));
            storage.Failure.Task.IsCompleted.ShouldBeFalse();
        }

        await using var reopened = new TestStorage(data);
        reopened.ReadAll("ticks").ShouldBe([(0, "a"), (1, "c")]);
    }

    [Fact]
    public async Task Full_disk_for_indexes_and_snapshots_is_harmless()
    {
        var data = _folder.File("hub");
        var sizes = new WalSettings { FileBytes = 1000, CheckpointBytes = 3000, ReserveBytes = 4096 };
        string killed;
        await using (var storage = new TestStorage(data, _disk, sizes: sizes))
        {
            await storage.CreateAsync("ticks");
            _disk.AppliesTo = path => path.EndsWith(".next", StringComparison.Ordinal);
            _disk.Full = true;
            for (var i = 0; i < 60; i++)
            {
                (await storage.AppendAsync("ticks", 0, Batches.Of($"{i}"))).ShouldBe((ErrorCode.None, (long)i));
            }

            storage.ReadAll("ticks").Count.ShouldBe(60);
            killed = DataCopy.Take(data, _folder.File("killed"));
        }

        foreach (var folder in new[] { killed, data })
        {
            _disk.Full = false;
            await using var reopened = new TestStorage(folder, _disk, sizes: sizes);
            reopened.ReadAll("ticks").Select(r => r.Value).ShouldBe(Enumerable.Range(0, 60).Select(i => $"{i}"));
            Directory.GetFiles(Path.Combine(folder, "log"), "*.index").Length.ShouldBeGreaterThan(3, "the start rebuilds them");
        }
    }

    [Fact]
    public async Task Topic_deletion_works_on_completely_full_disk()
    {
        var data = _folder.File("hub");
        await using (var storage = new TestStorage(data, _disk))
        {
            await storage.CreateAsync("ticks");
            await storage.CreateAsync("kept");
            await storage.AppendAsync("kept", 0, Batches.Of("a", "b"));
            _disk.FillUntilDeleted("reserve");
            (await storage.AppendAsync("kept", 0, Batches.Of("c"))).Error.ShouldBe(ErrorCode.StorageError);
            var deletion = new TopicDeletion(storage.Hub.Topics, storage.Hub.Offsets.RemoveTopic, "ticks");
            storage.Hub.Log.Enqueue(deletion);
            (await deletion.Completion).ShouldBe(ErrorCode.None);
            _disk.FillUntilDeleted("reserve");
            storage.Hub.FillReserve();
            File.Exists(Path.Combine(data, "reserve")).ShouldBeFalse("the disk is still full");
            _disk.Full = false;
            storage.Hub.FillReserve();
            _disk.FillUntilDeleted("reserve");
            (await storage.Hub.Starts.MoveAsync([new LogStartMove(storage.Topic("kept"), storage.Topic("kept").Partitions[0], 1)]))
                .ShouldBe([ErrorCode.None]);
            storage.Failure.Task.IsCompleted.ShouldBeFalse();
        }

        await using var reopened = new TestStorage(data, _disk);
        reopened.Hub.Topics.All.Select(t => t.Name).ShouldBe(["kept"]);
        reopened.ReadAll("kept").ShouldBe([(1, "b")]);
    }

    [Fact]
    public async Task Failed_flush_stops_acknowledgements()
    {
        var data = _folder.File("hub");
        await using (var storage = new TestStorage(data, _disk))
        {
            await storage.CreateAsync("ticks");
            await storage.AppendAsync("ticks", 0, Batches.Of("a"));
            _disk.FlushFails = true;
            storage.Enqueue("ticks", 0, Batches.Of("b"), out var answered);
            (await Should.ThrowAsync<LogUnavailableException>(answered)).Reason.ShouldBe(LogFailure.DiskFailed);
            (await storage.Failure.Task).Message.ShouldBe("Input/output error");
            _disk.FlushFails = false;
            storage.Enqueue("ticks", 0, Batches.Of("c"), out var later);
            (await Should.ThrowAsync<LogUnavailableException>(later)).Reason.ShouldBe(LogFailure.DiskFailed);
            storage.ReadAll("ticks").ShouldBe([(0, "a")]);
        }

        await using var reopened = new TestStorage(data);
        reopened.ReadAll("ticks")[0].ShouldBe((0, "a"));
    }

    [Fact]
    public async Task Failed_checkpoint_flush_stops_hub()
    {
        await using var storage = new TestStorage(_folder.File("hub"), _disk, checkpointBytes: 100_000);
        await storage.CreateAsync("ticks");
        _disk.AppliesTo = path => path.EndsWith(".next", StringComparison.Ordinal);
        _disk.FlushFails = true;
        for (var i = 0; i < 20; i++)
        {
            await storage.AppendAsync("ticks", 0, Batches.Of(new string('x', 9000)));
        }

        (await storage.Failure.Task).Message.ShouldBe("Input/output error");
    }
}
