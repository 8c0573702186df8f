namespace CloudTicks.LocalServices.Processes;

/// <summary>How the start of a server ended: it is ready, or its process has gone before.</summary>
/// <param name="Child">The process; disposed of when it has gone.</param>
/// <param name="Log">The last lines of its log.</param>
/// <param name="ExitCode">What the process that has gone ended with; null when the server is ready.</param>
internal sealed record ServerStart(ChildProcess Child, LogTail Log, int? ExitCode)
{
    /// <summary>Starts a server and waits until it says that it is ready, or ends.</summary>
    /// <param name="options">What to start; its lines come here.</param>
    /// <param name="ready">What the line holds with which the server says that it is ready.</param>
    /// <param name="onLine">Called for each line of its log.</param>
    /// <param name="time">The clock of the grace periods.</param>
    /// <param name="cancellationToken">Kills it.</param>
    public static async Task<ServerStart> RunAsync(
        ChildProcessOptions options, string ready, Action<string>? onLine, TimeProvider time, CancellationToken cancellationToken)
    {
        var log = new LogTail();
        var isReady = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnLine(string line)
        {
            log.Add(line);
            onLine?.Invoke(line);
            if (line.Contains(ready, StringComparison.Ordinal))
            {
                isReady.TrySetResult();
            }
        }

        var child = await ChildProcess.StartAsync(options with { OnOutput = OnLine, OnError = OnLine }, time);
        try
        {
            await Task.WhenAny(isReady.Task, child.Exited).WaitAsync(cancellationToken);
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }

        if (isReady.Task.IsCompleted)
        {
            return new ServerStart(child, log, null);
        }

        var exitCode = await child.Exited;
        await child.DisposeAsync();
        return new ServerStart(child, log, exitCode);
    }
}
