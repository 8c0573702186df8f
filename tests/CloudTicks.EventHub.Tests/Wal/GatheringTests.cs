using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Wal;

/// <summary>Entries that share a flush. The gather time is an hour, so that no test depends on time.</summary>
public sealed class GatheringTests : IDisposable
{
    private static readonly WalSettings OneHourGatherTime = new() { GatherTime = TimeSpan.FromHours(1) };
    private readonly TemporaryFolder _folder = new();
    private readonly FaultyDisk _disk = new();
    private readonly TestTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Single_synchronous_producer_is_not_delayed()
    {
        await using var storage = await StartAsync();
        for (var i = 0; i < 20; i++)
        {
            (await storage.AppendAsync("ticks", 0, Batches.Of("a"))).ShouldBe((ErrorCode.None, i));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task Write_waits_for_entry_count_of_previous_write(int pauseMs)
    {
        await using var storage = await StartAsync();
        await ShareFlushAsync(storage, 3);
        _time.Advance(TimeSpan.FromMilliseconds(pauseMs));
        var flushes = 0;
        _disk.BeforeFlush = () => Interlocked.Increment(ref flushes);
        var completions = new List<Task>();
        for (var i = 0; i < 3; i++)
        {
            completions.ShouldAllBe(a => !a.IsCompleted);
            storage.Enqueue("ticks", 0, Batches.Of("b"), out var completed);
            completions.Add(completed);
        }

        await Task.WhenAll(completions);
        flushes.ShouldBe(1);
    }

    [Fact]
    public async Task First_entry_after_pause_is_written_immediately()
    {
        await using var storage = await StartAsync();
        await ShareFlushAsync(storage, 3);
        _time.Advance(OneHourGatherTime.BusyWindow);
        (await storage.AppendAsync("ticks", 0, Batches.Of("b"))).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Large_entry_is_written_immediately()
    {
        await using var storage = await StartAsync();
        await ShareFlushAsync(storage, 3);
        (await storage.AppendAsync("ticks", 0, Batches.Of(new string('b', OneHourGatherTime.InlineBytes)))).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Waiting_write_starts_when_many_bytes_arrive()
    {
        await using var storage = await StartAsync();
        await ShareFlushAsync(storage, 3);
        storage.Enqueue("ticks", 0, Batches.Of("b"), out var small);
        storage.Enqueue("ticks", 0, Batches.Of(new string('b', OneHourGatherTime.InlineBytes)), out var large);
        await Task.WhenAll(small, large);
    }

    [Fact]
    public async Task Gathering_entries_are_written_at_stop()
    {
        Task completed;
        await using (var storage = await StartAsync())
        {
            await ShareFlushAsync(storage, 3);
            storage.Enqueue("ticks", 0, Batches.Of("last"), out completed);
        }

        await completed;
        await using var reopened = await StartAsync(create: false);
        reopened.ReadAll("ticks")[^1].Value.ShouldBe("last");
    }

    private async Task<TestStorage> StartAsync(bool create = true)
    {
        var storage = new TestStorage(_folder.File("hub"), _disk, sizes: OneHourGatherTime, time: _time);
        if (create)
        {
            await storage.CreateAsync("ticks");
        }

        return storage;
    }

    /// <summary>Makes entries share a flush: they arrive while another flush runs.</summary>
    private async Task ShareFlushAsync(TestStorage storage, int entries)
    {
        using var resume = new ManualResetEventSlim();
        var flushing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _disk.BeforeFlush = () =>
        {
            flushing.TrySetResult();
            resume.Wait();
        };
        storage.Enqueue("ticks", 0, Batches.Of("a"), out var first);
        await flushing.Task;
        _disk.BeforeFlush = static () => { };
        var completions = new List<Task> { first };
        for (var i = 0; i < entries; i++)
        {
            storage.Enqueue("ticks", 0, Batches.Of("a"), out var completed);
            completions.Add(completed);
        }

        resume.Set();
        await Task.WhenAll(completions);
    }
}
