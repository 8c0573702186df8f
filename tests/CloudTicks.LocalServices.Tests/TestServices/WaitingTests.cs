namespace CloudTicks.LocalServices.Tests.TestServices;

/// <summary>Run by <see cref="HangWatchTests"/> only.</summary>
public sealed class WaitingTests
{
    [HangsOnPurpose]
    public async Task Test_waits_until_it_is_cancelled() =>
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, TestContext.Current.CancellationToken);

    [HangsOnPurpose]
    public void Other_test_of_the_process_passes()
    {
        // The process must also run this test, although the other test fails.
    }
}
