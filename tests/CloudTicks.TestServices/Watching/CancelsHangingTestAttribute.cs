using System.Collections.Concurrent;
using System.Reflection;
using Xunit;
using Xunit.v3;

namespace CloudTicks.TestServices.Watching;

/// <summary>
/// Cancels a test that takes two thirds of the limit of <see cref="HangWatch"/>, so that a wait with the test's cancellation token fails
/// only that test, and the other tests of the process still run. Every test project has this attribute (Directory.Build.props).
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class CancelsHangingTestAttribute : BeforeAfterTestAttribute
{
    // The rest of the limit is left for the test's cleanup.
    private static readonly TimeSpan? Limit = HangWatch.Limit * 2 / 3;

    private readonly ConcurrentDictionary<string, ITimer> _timers = new();

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (Limit is { } limit)
        {
            var context = TestContext.Current;
            _timers[test.UniqueID] = TimeProvider.System.CreateTimer(_ => Cancel(context, limit), null, limit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_timers.TryRemove(test.UniqueID, out var timer))
        {
            timer.Dispose();
        }
    }

    private static void Cancel(ITestContext context, TimeSpan limit)
    {
        context.TestOutputHelper?.WriteLine(
            $"The test is cancelled after {limit.TotalMinutes:0.##} minutes; the stack trace shows what it waited for.");
        context.CancelCurrentTest();
    }
}
