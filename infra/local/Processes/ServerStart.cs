namespace CloudTicks.LocalServices.Processes;

/// <summary>The result of a server's start: it is ready, or its process has ended.</summary>
/// <param name="Child">The process; disposed when it has ended.</param>
/// <param name="Log">The last lines of its log.</param>
/// <param name="ExitCode">The exit code when the process has ended; null when the server is ready.</param>
internal sealed record ServerStart(ChildProcess Child, LogTail Log, int? ExitCode)
{
    /// <summary>Starts a server and waits until it is ready or ends.</summary>
    /// <param name="options">The process; this method sets the receivers of its lines.</param>
    /// <param name="ready">The text in the log line of a ready server.</param>
    /// <param name="onLine">Receives each line of its log.</param>
    /// <param name="time">The clock of the grace periods.</param>
    /// <param name="cancellationToken">Kills the process.</param>
    public static async Task<ServerStart> RunAsync(
        ChildProcessOptions options, string ready, Action<string>? onLine, TimeProvider time, CancellationToken cancellationToken)
    {
        var log = new LogTail();
        var readySignal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnLine(string line)
        {
            log.Add(line);
            onLine?.Invoke(line);
            if (line.Contains(ready, StringComparison.Ordinal))
            {
                readySignal.TrySetResult();
            }
        }

        var child = await ChildProcess.StartAsync(options with { OnOutput = OnLine, OnError = OnLine }, time);
        try
        {
            await Task.WhenAny(readySignal.Task, child.Exited).WaitAsync(cancellationToken);
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }

        if (readySignal.Task.IsCompleted)
        {
            return new ServerStart(child, log, null);
        }

        var exitCode = await child.Exited;
        await child.DisposeAsync();
        return new ServerStart(child, log, exitCode);
    }
}
