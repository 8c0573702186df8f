using CloudTicks.EventHub.Shares;

namespace CloudTicks.EventHub.Tests.Shares;

public sealed class HeavyWorkTests
{
    private const string ThreadName = "heavy work";

    [Fact]
    public async Task Work_that_awaits_continues_on_its_own_threads()
    {
        using var heavy = new HeavyWork();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var working = await heavy.StartAsync(async () =>
        {
            var before = Thread.CurrentThread.Name;
            await release.Task;
            var between = Thread.CurrentThread.Name;
            await Task.Yield();
            return (before, between, Thread.CurrentThread.Name);
        });
        Thread.CurrentThread.Name.ShouldNotBe(ThreadName, "the caller continues on its own thread");
        working.IsCompleted.ShouldBeFalse();
        release.SetResult();
        (await working).ShouldBe((ThreadName, ThreadName, ThreadName));
    }

    [Fact]
    public async Task Work_has_a_lower_priority()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "On other systems the runtime sets the priority.");
        using var heavy = new HeavyWork();
        (await heavy.StartAsync(NiceValue)).ShouldBeGreaterThan(NiceValue());
    }

    [Fact]
    public async Task Work_started_after_disposal_still_runs()
    {
        var heavy = new HeavyWork();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var working = await heavy.StartAsync(async () =>
        {
            await first.Task;
            return 1;
        });
        heavy.Dispose();
        first.SetResult();
        (await working.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
        (await heavy.StartAsync(() => 2)).ShouldBe(2);
    }

    private static int NiceValue()
    {
        const int fieldAfterName = 16;
        var line = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(
            line[(line.LastIndexOf(')') + 2)..].Split(' ')[fieldAfterName], System.Globalization.CultureInfo.InvariantCulture);
    }
}
