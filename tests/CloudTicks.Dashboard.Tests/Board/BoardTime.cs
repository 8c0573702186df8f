using CloudTicks.Dashboard.Board;
using CloudTicks.TestServices;

namespace CloudTicks.Dashboard.Tests.Board;

/// <summary>Advances a board's clock from one snapshot to the next.</summary>
internal static class BoardTime
{
    /// <summary>The maximum number of snapshots, about seven hours: the clock must not reach the next day.</summary>
    private const int MaxSnapshots = 100_000;

    private static readonly TimeSpan RealPause = TimeSpan.FromMilliseconds(1);

    /// <summary>Advances the clock until a condition holds.</summary>
    public static async Task SnapshotsAsync(this TestTime time, SymbolBoard board, Func<bool> reached)
    {
        for (var snapshots = 0; !reached(); snapshots++)
        {
            snapshots.ShouldBeLessThan(MaxSnapshots, "The board did not reach the state within seven hours.");
            var before = board.Snapshot;
            time.Advance(SymbolBoard.SnapshotInterval);
            await before.Superseded.WaitAsync(TestContext.Current.CancellationToken);
            // Requests take real time. Without a pause, this clock would advance by seven hours before a request ends.
            await Task.Delay(RealPause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
