using CloudTicks.Cli.Decoding;
using CloudTicks.Ticks;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Cli.Tailing;

/// <summary>Follows live ticks until Ctrl-C, a closed pipe or the requested number of lines; notes go to standard error.</summary>
internal sealed class TailRun(LiveTicks live, SymbolFilter symbols, bool json, long max, TextWriter errors, TimeProvider time)
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(10);

    public async Task<int> RunAsync(Stream output, CancellationToken cancellationToken)
    {
        var lines = new TailLines(json);
        live.Follow(symbols, payload => lines.Add(payload, symbols.Matches, max));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = Task.CompletedTask;
        try
        {
            if (!await live.WaitUntilReadyAsync(MaxWait, cancellationToken))
            {
                errors.WriteLine(
                    $"NATS at {live.Server} does not answer: {live.Problem}. Start it, or name another one with --server or "
                        + $"ConnectionStrings__nats.");
                return ExitCodes.Incomplete;
            }

            watching = WatchAsync(lines, end.Token);
            await lines.WriteAsync(output, max, cancellationToken);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (OutputClosedException)
        {
            return ExitCodes.Done;
        }
        catch (IOException problem)
        {
            errors.WriteLine(problem.Message);
            return ExitCodes.Incomplete;
        }
        finally
        {
            await end.CancelAsync();
            await watching;
            Report(lines);
        }
    }

    private async Task WatchAsync(TailLines lines, CancellationToken cancellationToken)
    {
        using var polls = new PeriodicTimer(PollInterval, time);
        var started = time.GetTimestamp();
        var (isAway, isQuietReported, isDropReported, isRefusalReported) = (false, false, false, false);
        try
        {
            while (await polls.WaitForNextTickAsync(cancellationToken))
            {
                if (isAway != !live.IsConnected)
                {
                    isAway = !isAway;
                    errors.WriteLine(isAway
                        ? $"NATS at {live.Server} is unavailable ({live.Problem}): ticks are missed until it answers; the archive has them."
                        : $"NATS at {live.Server} is available again.");
                }

                ReportOnce(ref isQuietReported, !isAway && lines.Lines == 0 && time.GetElapsedTime(started) > QuietTime,
                    $"No tick yet: is the market open, and is the symbol collected? Still waiting.");
                ReportOnce(ref isDropReported, lines.Dropped + live.Dropped > 0,
                    "The output is too slow: some ticks are dropped, and counted at the end.");
                ReportOnce(ref isRefusalReported, lines.Refused > 0,
                    "A message that is not a tick is skipped. Further such messages are only counted.");
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    private void ReportOnce(ref bool isReported, bool condition, string message)
    {
        if (condition && !isReported)
        {
            isReported = true;
            errors.WriteLine(message);
        }
    }

    private void Report(TailLines lines)
    {
        if (lines.Dropped + live.Dropped > 0)
        {
            errors.WriteLine(
                $"Dropped: {Counted.Of(lines.Dropped + live.Dropped, "tick")} because the output was too slow; the archive has them.");
        }

        if (lines.Refused > 0)
        {
            errors.WriteLine($"Not ticks: {Counted.Of(lines.Refused, "message")}.");
        }
    }
}
