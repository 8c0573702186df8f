using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Broker;

/// <summary>
/// Does the periodic work of the event hub: checks the disk, reads the damage files, deletes expired records and frees log files.
/// </summary>
internal sealed class Upkeep : IAsyncDisposable
{
    private readonly HubStorage _storage;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <summary>Creates the upkeep and starts it immediately.</summary>
    public Upkeep(HubStorage storage, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        (_storage, _interval, _time, _logger) = (storage, interval, time, logger);
        _loop = Task.Run(() => RunAsync(_stop.Token));
    }

    /// <summary>Cancels the current round, and waits until it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_interval, _time);
        try
        {
            do
            {
                await TryRunOnceAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (LogUnavailableException)
        {
            // The event hub is stopping, or its disk failed and the failure is reported elsewhere. No record can be deleted.
        }
    }

    private async Task TryRunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            _storage.DiskWatch.Check();
            _storage.Damage.Refresh();
            await _storage.Retention.EnforceAsync(cancellationToken);
            _storage.Reclaim.Run(cancellationToken);
            _storage.FillReserve();
        }
        catch (Exception e) when (e is not (OperationCanceledException or LogUnavailableException))
        {
            _logger.UpkeepFailed(_interval, e);
        }
    }
}
