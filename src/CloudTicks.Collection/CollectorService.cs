using CloudTicks.Collection.Running;
using CloudTicks.EventStream;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection;

/// <summary>
/// Takes Polygon's live feed, or the simulator's, into the archive. When it is stopped it closes the sessions and waits until everything
/// that was received is in the event hub or on disk.
/// </summary>
public sealed class CollectorService : BackgroundService
{
    private readonly CollectorStartup _startup;
    private readonly CollectorStatusReader _status;
    private readonly SelectedSymbolsReader _symbols;
    private readonly ILogger<CollectorService> _logger;

    internal CollectorService(
        CollectorStartup startup, CollectorStatusReader status, SelectedSymbolsReader symbols, ILogger<CollectorService> logger) =>
        (_startup, _status, _symbols, _logger) = (startup, status, symbols, logger);

    /// <summary>What was received and archived so far, and the state of the sessions.</summary>
    public CollectorStatus GetStatus() => _status.Read();

    /// <summary>How long all ticks since the start took, counted.</summary>
    public CollectorLatencyCounts GetLatency() => _status.ReadLatency();

    /// <summary>Every selected channel and its last tick, in the order of the selection.</summary>
    public IReadOnlyList<SelectedChannel> GetSymbols() => _symbols.Read();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _startup.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before there was anything to drain.
        }
        catch (Exception exception) when (exception is CollectorException or EventStreamException)
        {
            _logger.Refused(exception.Message);
            throw;
        }
    }
}
