namespace CloudTicks.LocalServices.Tests.TestServices;

/// <summary>Run by <see cref="HangWatchTests"/> only.</summary>
public sealed class HangingFixtureTests : IClassFixture<HangingFixtureTests.NeverReady>
{
    [HangsOnPurpose]
    public void Test_never_runs() => Assert.Fail("The fixture was never ready.");

    public sealed class NeverReady : IAsyncLifetime
    {
        public async ValueTask InitializeAsync() => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
