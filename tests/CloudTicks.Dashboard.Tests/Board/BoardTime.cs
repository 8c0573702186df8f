using CloudTicks.Dashboard.Board;
using CloudTicks.TestServices;

namespace CloudTicks.Dashboard.Tests.Board;

/// <summary>Time for a board: it passes from one picture to the next.</summary>
internal static class BoardTime
{
    /// <summary>Seven hours, which end on the day on which they began.</summary>
    private const int MostPictures = 100_000;

    private static readonly TimeSpan RealPause = TimeSpan.FromMilliseconds(1);

    /// <summary>Lets time pass until something is reached.</summary>
    public static async Task PicturesAsync(this TestTime time, SymbolBoard board, Func<bool> reached)
    {
        for (var pictures = 0; !reached(); pictures++)
        {
            pictures.ShouldBeLessThan(MostPictures, "It is not reached within seven hours.");
            var before = board.Picture;
            time.Advance(SymbolBoard.BetweenPictures);
            await before.Passed.WaitAsync(TestContext.Current.CancellationToken);
            // A request under way takes real time, which seven hours of this clock are over before on a quick machine.
            await Task.Delay(RealPause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
