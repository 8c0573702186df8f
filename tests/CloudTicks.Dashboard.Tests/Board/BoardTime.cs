using CloudTicks.Dashboard.Board;
using CloudTicks.TestServices;

namespace CloudTicks.Dashboard.Tests.Board;

/// <summary>Time for a board: it passes from one picture to the next.</summary>
internal static class BoardTime
{
    /// <summary>Seven hours, which end on the day on which they began.</summary>
    private const int MaxSnapshots = 100_000;

    private static readonly TimeSpan RealPause = TimeSpan.FromMilliseconds(1);

    /// <summary>Lets time pass until something is reached.</summary>
    public static async Task SnapshotsAsync(this TestTime time, SymbolBoard board, Func<bool> reached)
    {
        for (var snapshots = 0; !reached(); snapshots++)
        {
            snapshots.ShouldBeLessThan(MaxSnapshots, "The board did not reach the state within seven hours.");
            var before = board.Snapshot;
            time.Advance(SymbolBoard.SnapshotInterval);
            await before.Passed.WaitAsync(TestContext.Current.CancellationToken);
            // A request under way takes real time, which seven hours of this clock are over before on a quick machine.
            await Task.Delay(RealPause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
