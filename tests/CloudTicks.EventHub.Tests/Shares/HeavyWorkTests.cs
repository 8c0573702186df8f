using CloudTicks.EventHub.Shares;

namespace CloudTicks.EventHub.Tests.Shares;

public sealed class HeavyWorkTests
{
    private const string ThreadName = "heavy work";

    [Fact]
    public async Task Work_stays_on_its_threads_wherever_it_waits()
    {
        using var heavy = new HeavyWork();
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var working = await heavy.StartAsync(async () =>
        {
            var before = Thread.CurrentThread.Name;
            await released.Task;
            var between = Thread.CurrentThread.Name;
            await Task.Yield();
            return (before, between, Thread.CurrentThread.Name);
        });
        Thread.CurrentThread.Name.ShouldNotBe(ThreadName, "the caller goes on elsewhere");
        working.IsCompleted.ShouldBeFalse();
        released.SetResult();
        (await working).ShouldBe((ThreadName, ThreadName, ThreadName));
    }

    [Fact]
    public async Task Work_has_less_of_the_processor_than_others()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the runtime does it.");
        using var heavy = new HeavyWork();
        (await heavy.StartAsync(NiceOfThread)).ShouldBeGreaterThan(NiceOfThread());
    }

    [Fact]
    public async Task Work_that_comes_behind_the_end_is_done_all_the_same()
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

    private static int NiceOfThread()
    {
        const int niceBehindName = 16;
        var line = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(
            line[(line.LastIndexOf(')') + 2)..].Split(' ')[niceBehindName], System.Globalization.CultureInfo.InvariantCulture);
    }
}
