using CloudTicks.Collection.Running;
using CloudTicks.EventStream;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection;

/// <summary>
/// Collects the live feed of Polygon or the simulator into the archive. When it stops, it closes the sessions and waits until everything
/// it received is in the event hub or on disk.
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

    /// <summary>The counts of received and archived ticks and the state of the sessions.</summary>
    public CollectorStatus GetStatus() => _status.Read();

    /// <summary>The latency counts of all ticks since the start.</summary>
    public CollectorLatencyCounts GetLatency() => _status.ReadLatency();

    /// <summary>Every selected channel with its last tick, in selection order.</summary>
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
            // The collector was stopped before anything was received.
        }
        catch (Exception exception) when (exception is CollectorException or EventStreamException)
        {
            _logger.Refused(exception.Message);
            throw;
        }
    }
}
