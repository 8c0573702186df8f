using System.Globalization;
using CloudTicks.Cli.Decoding;
using CloudTicks.Cli.Tailing;
using CloudTicks.Ticks;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Cli.Watching;

/// <summary>Shows the board until Ctrl-C or <c>q</c>, or prints it the requested number of times.</summary>
internal sealed class WatchRun(LiveTicks live, SymbolFilter symbols, string? note, TimeProvider time)
{
    private const int PlainWidth = 120;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SnapshotInterval = TimeSpan.FromSeconds(1);

    private readonly PriceBoard _board = new(symbols, time);
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>Draws the board, and returns the exit code.</summary>
    /// <param name="maxSnapshots">
    /// The number of boards to print as text. With null, a terminal shows one live board, and other outputs get boards without limit.
    /// </param>
    public async Task<int> RunAsync(long? maxSnapshots, TextWriter errors, CancellationToken cancellationToken)
    {
        live.Follow(symbols, _board.Add);
        try
        {
            if (!await live.WaitUntilReadyAsync(MaxWait, cancellationToken))
            {
                errors.WriteLine(
                    $"NATS at {live.Server} does not answer: {live.Problem}.{(note is null ? "" : $" ({note}.)")} Start it, or name it "
                        + $"with --server host:port.");
                return ExitCodes.Incomplete;
            }

            return maxSnapshots is null && BoardScreen.IsSupported
                ? await ShowAsync(cancellationToken)
                : await PrintAsync(maxSnapshots ?? long.MaxValue, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (OutputClosedException)
        {
            return ExitCodes.Done;
        }
    }

    private async Task<int> ShowAsync(CancellationToken cancellationToken)
    {
        using var screen = new BoardScreen();
        using var frameTimer = new PeriodicTimer(FrameInterval, time);
        do
        {
            var (width, height) = BoardScreen.Size;
            screen.Draw(BoardTable.Draw(_board.Snapshot(), Title(), Notes("Ctrl-C or q ends"), width, height, isColoured: true));
            while (!Console.IsInputRedirected && Console.KeyAvailable)
            {
                if (Console.ReadKey(intercept: true).KeyChar is 'q' or 'Q')
                {
                    return ExitCodes.Done;
                }
            }
        }
        while (await frameTimer.WaitForNextTickAsync(cancellationToken));
        return ExitCodes.Done;
    }

    private async Task<int> PrintAsync(long maxSnapshots, CancellationToken cancellationToken)
    {
        await using var output = StandardOutput.Open();
        await using var writer = new StreamWriter(output);
        using var timer = new PeriodicTimer(SnapshotInterval, time);
        for (var snapshot = 0L; snapshot < maxSnapshots && await timer.WaitForNextTickAsync(cancellationToken); snapshot++)
        {
            try
            {
                foreach (var line in BoardTable.Draw(_board.Snapshot(), Title(), Notes(null), PlainWidth, int.MaxValue, isColoured: false))
                {
                    await writer.WriteLineAsync(line.TrimEnd());
                }

                await writer.FlushAsync(cancellationToken);
            }
            catch (IOException exception) when (StandardOutput.IsPipeClosed(exception))
            {
                throw new OutputClosedException(exception);
            }
        }

        return ExitCodes.Done;
    }

    private string Title() => string.Create(
        CultureInfo.InvariantCulture,
        $"{live.Server}  {time.GetUtcNow():HH:mm:ss}Z  {(live.IsConnected ? "live" : "NATS UNAVAILABLE: " + live.Problem)}");

    private List<string> Notes(string? keys)
    {
        var notes = new List<string>
        {
            string.Create(
                CultureInfo.InvariantCulture,
                $"change since {_startedAt:HH:mm:ss}Z; last: the last trade, or without trades the middle of bid and ask"),
        };
        if (note is not null)
        {
            notes.Add(note);
        }

        if (live.Dropped + _board.Refused + _board.TicksWithoutRow > 0)
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"not shown: {Counted.Of(live.Dropped, "tick")} that arrived too fast, "
                    + $"{Counted.Of(_board.TicksWithoutRow, "tick")} of symbols without a row, "
                    + $"{Counted.Of(_board.Refused, "message")} without a tick"));
        }

        if (keys is not null)
        {
            notes.Add(keys);
        }

        return notes;
    }
}
