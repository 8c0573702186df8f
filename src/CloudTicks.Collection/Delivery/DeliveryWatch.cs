using CloudTicks.Collection.Spool;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Delivery;

/// <summary>The loop that detects a stalled sink, deletes delivered records from the spool, and reads the free disk space.</summary>
internal sealed class DeliveryWatch : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private readonly DeliveryCoordinator _delivery;
    private readonly RecordSpool _spool;
    private readonly SpoolLevel _level;
    private readonly string _folder;
    private readonly ILogger _logger;
    private readonly PeriodicTimer _pollTimer;
    private bool _isTrimFailureLogged;

    public DeliveryWatch(
        DeliveryCoordinator delivery, RecordSpool spool, SpoolLevel level, string folder, TimeProvider time, ILogger logger)
    {
        (_delivery, _spool, _level, _folder, _logger) = (delivery, spool, level, folder, logger);
        _pollTimer = new PeriodicTimer(PollInterval, time);
        level.ReadFreeSpace();
        delivery.CheckTimeouts();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _pollTimer.WaitForNextTickAsync(cancellationToken))
        {
            TrimSpool();
            _level.ReadFreeSpace();
            _delivery.CheckTimeouts();
        }
    }

    public void TrimSpool()
    {
        try
        {
            _spool.Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // No record is lost: delivered records that were not deleted now are deleted later, or sent again after a restart.
            if (!_isTrimFailureLogged)
            {
                _isTrimFailureLogged = true;
                _logger.SpoolNotTrimmed(_folder, exception.Message);
            }
        }
    }

    public void Dispose() => _pollTimer.Dispose();
}
