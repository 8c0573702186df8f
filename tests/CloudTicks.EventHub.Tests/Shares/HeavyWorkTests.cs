using CloudTicks.EventHub.Shares;

namespace CloudTicks.EventHub.Tests.Shares;

public sealed class HeavyWorkTests
{
    private const string ThreadName = "heavy work";

    [Fact]
    public async Task Work_that_awaits_continues_on_its_own_threads()
    {
        using var heavyWork = new HeavyWork();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = await heavyWork.StartAsync(async () =>
        {
            var nameAtStart = Thread.CurrentThread.Name;
            await release.Task;
            var nameAfterAwait = Thread.CurrentThread.Name;
            await Task.Yield();
            return (nameAtStart, nameAfterAwait, Thread.CurrentThread.Name);
        });
        Thread.CurrentThread.Name.ShouldNotBe(ThreadName, "the caller continues on its own thread");
        work.IsCompleted.ShouldBeFalse();
        release.SetResult();
        (await work).ShouldBe((ThreadName, ThreadName, ThreadName));
    }

    [Fact]
    public async Task Work_has_a_lower_priority()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "On other systems the runtime sets the priority.");
        using var heavyWork = new HeavyWork();
        (await heavyWork.StartAsync(NiceValue)).ShouldBeGreaterThan(NiceValue());
    }

    [Fact]
    public async Task Work_started_after_disposal_still_runs()
    {
        var heavyWork = new HeavyWork();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = await heavyWork.StartAsync(async () =>
        {
            await first.Task;
            return 1;
        });
        heavyWork.Dispose();
        first.SetResult();
        (await work.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
        (await heavyWork.StartAsync(() => 2)).ShouldBe(2);
    }

    private static int NiceValue()
    {
        const int fieldAfterName = 16;
        var line = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(
            line[(line.LastIndexOf(')') + 2)..].Split(' ')[fieldAfterName], System.Globalization.CultureInfo.InvariantCulture);
    }
}
