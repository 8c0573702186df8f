using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Broker;

public sealed class DiskFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FaultyDisk _disk = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Full_disk_refuses_producers_serves_readers_and_resumes()
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
            storage.Log.Lines.ShouldContain(line => line.Contains("producers are told to try again", StringComparison.Ordinal));
            storage.Log.Lines.ShouldContain(line => line.Contains("takes writes again", StringComparison.Ordinal));
            storage.Broken.Task.IsCompleted.ShouldBeFalse();
        }

        await using var again = new TestStorage(data);
        again.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b")]);
    }

    [Fact]
    public async Task Batch_that_a_full_disk_refused_is_not_found_by_the_next_start()
    {
        var (data, killed) = (_folder.File("hub"), _folder.File("killed"));
        using var goOn = new ManualResetEventSlim();
        var flushing = new TaskCompletionSource();
        await using (var storage = new TestStorage(data, _disk))
        {
            await storage.CreateAsync("ticks");
            _disk.BeforeFlush = () =>
            {
                flushing.TrySetResult();
                goOn.Wait();
            };
            storage.Enqueue("ticks", 0, Batches.Of("a"), out var kept);
            await flushing.Task;

            // They gather behind that flush, and share a write, of which the first half gets in.
            var one = storage.Enqueue("ticks", 0, Batches.Of("b"), out var oneAnswered);
            var other = storage.Enqueue("ticks", 0, Batches.Of("c"), out var otherAnswered);
            _disk.Concerns = path => path.StartsWith(Path.Combine(data, "log"), StringComparison.Ordinal);
            _disk.Full = true;
            goOn.Set();
            await Task.WhenAll(kept, oneAnswered, otherAnswered);
            (one.Error, other.Error).ShouldBe((ErrorCode.StorageError, ErrorCode.StorageError));
            DataCopy.Take(data, killed);
            _disk.Full = false;
        }

        await using var again = new TestStorage(killed);
        again.ReadAll("ticks").ShouldBe([(0, "a")]);
        again.Log.Lines.ShouldNotContain(
            line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disk_that_becomes_read_only_is_said_once_refuses_producers_and_resumes()
    {
        var data = _folder.File("hub");
        await using (var storage = new TestStorage(data, _disk))
        {
            await storage.CreateAsync("ticks");
            await storage.AppendAsync("ticks", 0, Batches.Of("a"));
            _disk.ReadOnly = true;
            (await storage.AppendAsync("ticks", 0, Batches.Of("b"))).ShouldBe((ErrorCode.StorageError, -1L));
            storage.Hub.WriteProblem.ShouldNotBeNull();
            for (var i = 0; i < 20_000; i++)
            {
                // Long enough for several attempts to write.
                await storage.AppendAsync("ticks", 0, Batches.Of("b"));
            }

            storage.ReadAll("ticks").ShouldBe([(0, "a")]);
            storage.Log.Lines.Count(line => line.Contains("takes", StringComparison.Ordinal)).ShouldBe(1);
            _disk.ReadOnly = false;
            while ((await storage.AppendAsync("ticks", 0, Batches.Of("c"))).Error != ErrorCode.None)
            {
                // Tried again, as a producer does.
            }

            storage.Hub.WriteProblem.ShouldBeNull();
            storage.Log.Lines.ShouldContain(line => line.Contains("takes writes again", StringComparison.Ordinal));
            storage.Broken.Task.IsCompleted.ShouldBeFalse();
        }

        await using var again = new TestStorage(data);
        again.ReadAll("ticks").ShouldBe([(0, "a"), (1, "c")]);
    }

    [Fact]
    public async Task Full_disk_at_the_segments_delays_the_answer_only()
    {
        await using var storage = new TestStorage(_folder.File("hub"), _disk);
        await storage.CreateAsync("ticks");
        _disk.Concerns = path => path.EndsWith(".batches", StringComparison.Ordinal);
        _disk.Full = true;
        var append = storage.Enqueue("ticks", 0, Batches.Of("a"), out var answered);
        storage.Topic("ticks").Partitions[0].HighWatermark.ShouldBe(0);
        _disk.Full = false;
        await answered;
        append.Error.ShouldBe(ErrorCode.None);
        storage.ReadAll("ticks").ShouldBe([(0, "a")]);
    }

    [Fact]
    public async Task Failing_flush_acknowledges_nothing_any_more()
    {
        var data = _folder.File("hub");
        await using (var storage = new TestStorage(data, _disk))
        {
            await storage.CreateAsync("ticks");
            await storage.AppendAsync("ticks", 0, Batches.Of("a"));
            _disk.FlushFails = true;
            storage.Enqueue("ticks", 0, Batches.Of("b"), out var answered);
            (await Should.ThrowAsync<LogUnavailableException>(answered)).Reason.ShouldBe(LogFailure.Broken);
            (await storage.Broken.Task).Message.ShouldBe("Input/output error");
            _disk.FlushFails = false;
            storage.Enqueue("ticks", 0, Batches.Of("c"), out var later);
            (await Should.ThrowAsync<LogUnavailableException>(later)).Reason.ShouldBe(LogFailure.Broken);
            storage.ReadAll("ticks").ShouldBe([(0, "a")]);
        }

        await using var again = new TestStorage(data);
        again.ReadAll("ticks")[0].ShouldBe((0, "a"));
    }

    [Fact]
    public async Task Failing_checkpoint_stops_the_hub()
    {
        await using var storage = new TestStorage(_folder.File("hub"), _disk, checkpointBytes: 100_000);
        await storage.CreateAsync("ticks");
        _disk.Concerns = path => path.EndsWith(".batches", StringComparison.Ordinal);
        _disk.FlushFails = true;
        for (var i = 0; i < 20; i++)
        {
            await storage.AppendAsync("ticks", 0, Batches.Of(new string('x', 9000)));
        }

        (await storage.Broken.Task).Message.ShouldBe("Input/output error");
    }
}
