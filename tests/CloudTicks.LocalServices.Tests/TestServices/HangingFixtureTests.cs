namespace CloudTicks.LocalServices.Tests.TestServices;

/// <summary>Run by <see cref="HangWatchTests"/> only.</summary>
public sealed class HangingFixtureTests : IClassFixture<HangingFixtureTests.NeverReady>
{
    [Fact(Explicit = true)]
    public void Is_never_reached() => Assert.Fail("The fixture was never ready.");

    public sealed class NeverReady : IAsyncLifetime
    {
        public async ValueTask InitializeAsync()
        {
            // The fixture of a class is made even where its only test is explicit and does not run.
            if (Environment.GetEnvironmentVariable(HangWatchTests.Limit) is not null)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
