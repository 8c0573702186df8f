using CloudTicks.Cli.Decoding;
using CloudTicks.Cli.Places;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Topics;
using CloudTicks.Replay;
using CloudTicks.Replay.Archive;
using CloudTicks.Replay.Capture;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Cli.Replaying;

/// <summary>Runs a replay with its signals, progress, summary and exit code.</summary>
internal static class ReplaySession
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <param name="capture">The folder of captured files to read instead of the archive; null for the archive.</param>
    public static async Task<int> RunAsync(
        Servers servers, Func<IReplayTarget> target, string? capture, Func<CancellationToken, Task<TickSelection>> select,
        ReplayOptions options, double speed, bool json, TextWriter output, TimeProvider time)
    {
        using var interruption = new Interruption();
        try
        {
            Servers.UseFetchedClientLibraries();
            OpenReplay archive = capture is null ? Archive(servers, time).ReadAsync : new CaptureReplay(capture).ReadAsync;
            await using var openTarget = target();
            return await RunAsync(archive, openTarget, select, options, speed, json, output, time, interruption.Token);
        }
        catch (Exception problem) when (problem is FormatException or DllNotFoundException)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return ExitCodes.Usage;
        }
    }

    private static ArchiveReplay Archive(Servers servers, TimeProvider time)
    {
        var connection = servers.EventStream();
        return new ArchiveReplay(
            new StreamPositions(connection, time, NullLogger<StreamPositions>.Instance),
            new RecordConsumer(connection, time, NullLogger<RecordConsumer>.Instance), time);
    }

    private static async Task<int> RunAsync(
        OpenReplay archive, IReplayTarget target, Func<CancellationToken, Task<TickSelection>> select, ReplayOptions options,
        double speed,
        bool json, TextWriter output, TimeProvider time, CancellationToken stop)
    {
        var counts = new ReplayCounts();
        var pace = new ReplayPace(speed, time);
        var progress = new ReplayProgress(counts, pace, Console.Error, ProgressLine.IsTerminal, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var displayEnd = new CancellationTokenSource();
        var display = progress.ShowAsync(displayEnd.Token);
        var watching = WatchAsync(target, end, time, displayEnd.Token);
        var (state, problem, code) = ("done", default(string), ExitCodes.Done);
        var selection = new TickSelection();
        try
        {
            selection = await select(end.Token);
            await new ReplayRun(archive, target, pace, counts, Console.Error).RunAsync(selection, options, end.Token);
            if (counts.RefusedRecords + counts.RefusedTicks + counts.RefusedFiles > 0)
            {
                (state, code) = ("incomplete", ExitCodes.Incomplete);
            }
        }
        catch (OutputClosedException)
        {
            // The reader of the output closed the pipe.
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            (state, code) = ("interrupted", ExitCodes.Interrupted);
            problem = "Stopped. Delivered ticks stay delivered; the whole replay can be run again.";
        }
        catch (OperationCanceledException) when (target.Fault is not null)
        {
            (state, problem, code) = ("failed", target.Fault, ExitCodes.Incomplete);
        }
        catch (Exception failure) when (failure is ReplayException or EventStreamException or IOException or UnauthorizedAccessException)
        {
            (state, problem, code) = ("failed", failure.Message, ExitCodes.Incomplete);
        }
        finally
        {
            await displayEnd.CancelAsync();
            await Task.WhenAll(display, watching);
        }

        if (problem is not null)
        {
            await Console.Error.WriteLineAsync(problem);
        }

        await output.WriteLineAsync(json
            ? ReplaySummary.Json(state, target, selection, counts, progress.Elapsed, problem)
            : ReplaySummary.Text(target, counts, progress.Elapsed));
        return code;
    }

    /// <summary>Ends a replay whose target has stopped permanently.</summary>
    private static async Task WatchAsync(
        IReplayTarget target, CancellationTokenSource end, TimeProvider time, CancellationToken cancellationToken)
    {
        using var polls = new PeriodicTimer(PollInterval, time);
        try
        {
            while (await polls.WaitForNextTickAsync(cancellationToken))
            {
                if (target.Fault is not null)
                {
                    await end.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The replay has ended.
        }
    }
}
