namespace CloudTicks.LocalServices.Tests.TestServices;

/// <summary>Run by <see cref="HangWatchTests"/> only.</summary>
public sealed class HangingTests
{
    [HangsOnPurpose]
    public void Test_blocks_every_thread_of_the_pool()
    {
        using var never = new ManualResetEvent(false);
        for (var i = 0; i < 100; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static wait => wait.WaitOne(), never, preferLocal: false);
        }

        never.WaitOne();
    }
}
