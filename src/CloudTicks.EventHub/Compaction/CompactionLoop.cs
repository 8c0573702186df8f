namespace CloudTicks.EventHub.Compaction;

/// <summary>Runs <see cref="TopicCompaction"/> in the background on its own thread, with a pause after each run.</summary>
internal sealed class CompactionLoop : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <summary>Creates the loop and starts it immediately.</summary>
    public CompactionLoop(TopicCompaction compaction, TimeSpan interval, TimeProvider time, ILogger logger) =>
        _loop = Task.Run(() => RunAsync(compaction, interval, time, logger, _stop.Token));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private static async Task RunAsync(
        TopicCompaction compaction, TimeSpan interval, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    await Task.Factory.StartNew(
                        () => compaction.Run(cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    logger.CompactionFailed(interval, e);
                }

                await Task.Delay(interval, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }
}
