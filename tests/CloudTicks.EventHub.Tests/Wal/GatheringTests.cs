using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Wal;

/// <summary>What shares a flush of the log. The moment for which a write may wait is an hour here, so that nothing hangs on time.</summary>
public sealed class GatheringTests : IDisposable
{
    private static readonly WalSettings Hour = new() { Gathering = TimeSpan.FromHours(1) };
    private readonly TemporaryFolder _folder = new();
    private readonly FaultyDisk _disk = new();
    private readonly TestTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Producer_that_waits_for_each_answer_is_never_kept()
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
    public async Task Write_waits_for_as_many_as_came_together_before(int pauseMs)
    {
        await using var storage = await StartAsync();
        await ComeTogetherAsync(storage, 3);
        _time.Advance(TimeSpan.FromMilliseconds(pauseMs));
        var flushes = 0;
        _disk.BeforeFlush = () => Interlocked.Increment(ref flushes);
        var answers = new List<Task>();
        for (var i = 0; i < 3; i++)
        {
            answers.ShouldAllBe(a => !a.IsCompleted);
            storage.Enqueue("ticks", 0, Batches.Of("b"), out var answered);
            answers.Add(answered);
        }

        await Task.WhenAll(answers);
        flushes.ShouldBe(1);
    }

    [Fact]
    public async Task First_entry_after_a_pause_is_written_at_once()
    {
        await using var storage = await StartAsync();
        await ComeTogetherAsync(storage, 3);
        _time.Advance(Hour.Busy);
        (await storage.AppendAsync("ticks", 0, Batches.Of("b"))).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Much_is_written_at_once_however_many_came_together_before()
    {
        await using var storage = await StartAsync();
        await ComeTogetherAsync(storage, 3);
        (await storage.AppendAsync("ticks", 0, Batches.Of(new string('b', Hour.LittleBytes)))).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Write_that_waits_is_made_when_much_has_come()
    {
        await using var storage = await StartAsync();
        await ComeTogetherAsync(storage, 3);
        storage.Enqueue("ticks", 0, Batches.Of("b"), out var small);
        storage.Enqueue("ticks", 0, Batches.Of(new string('b', Hour.LittleBytes)), out var large);
        await Task.WhenAll(small, large);
    }

    [Fact]
    public async Task Nothing_that_gathers_is_lost_at_stop()
    {
        Task answered;
        await using (var storage = await StartAsync())
        {
            await ComeTogetherAsync(storage, 3);
            storage.Enqueue("ticks", 0, Batches.Of("last"), out answered);
        }

        await answered;
        await using var again = await StartAsync(create: false);
        again.ReadAll("ticks")[^1].Value.ShouldBe("last");
    }

    private async Task<TestStorage> StartAsync(bool create = true)
    {
        var storage = new TestStorage(_folder.File("hub"), _disk, sizes: Hour, time: _time);
        if (create)
        {
            await storage.CreateAsync("ticks");
        }

        return storage;
    }

    /// <summary>Entries that come while a flush runs share the next one.</summary>
    private async Task ComeTogetherAsync(TestStorage storage, int entries)
    {
        using var goOn = new ManualResetEventSlim();
        var flushing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _disk.BeforeFlush = () =>
        {
            flushing.TrySetResult();
            goOn.Wait();
        };
        storage.Enqueue("ticks", 0, Batches.Of("a"), out var first);
        await flushing.Task;
        _disk.BeforeFlush = static () => { };
        var answers = new List<Task> { first };
        for (var i = 0; i < entries; i++)
        {
            storage.Enqueue("ticks", 0, Batches.Of("a"), out var answered);
            answers.Add(answered);
        }

        goOn.Set();
        await Task.WhenAll(answers);
    }
}
