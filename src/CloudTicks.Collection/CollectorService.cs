using CloudTicks.Collection.Gaps;
using CloudTicks.Collection.Limits;
using CloudTicks.Collection.Outlets;
using CloudTicks.Collection.Running;
using CloudTicks.Collection.Storage;
using CloudTicks.Collection.Subscriptions;
using CloudTicks.EventStream;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection;

/// <summary>
/// Takes Polygon's live feed, or the simulator's, into the archive. When it is stopped it closes the sessions and waits until everything
/// that was received is in the event hub or on disk.
/// </summary>
public sealed class CollectorService : BackgroundService
{
    private readonly CollectorOptions _options;
    private readonly PolygonOptions _polygon;
    private readonly OutletOpening _outlets;
    private readonly CollectionRun _run;
    private readonly WantedChannels _wanted;
    private readonly GapKeeping _gaps;
    private readonly CollectorStatusReader _status;
    private readonly SelectedSymbolsReader _symbols;
    private readonly TimeProvider _time;
    private readonly ILogger<CollectorService> _logger;

    internal CollectorService(
        IOptions<CollectorOptions> options, IOptions<PolygonOptions> polygon, OutletOpening outlets, CollectionRun run,
        WantedChannels wanted, GapKeeping gaps, CollectorStatusReader status, SelectedSymbolsReader symbols, TimeProvider time,
        ILogger<CollectorService> logger)
    {
        (_options, _polygon, _outlets, _run, _wanted) = (options.Value, polygon.Value, outlets, run, wanted);
        (_gaps, _status, _symbols, _time, _logger) = (gaps, status, symbols, time, logger);
    }

    /// <summary>What the feeds are asked for at the moment.</summary>
    internal IEnumerable<FeedChannel> Wanted => _wanted.Told;

    /// <summary>What was received and archived so far, and the state of the sessions.</summary>
    public CollectorStatus GetStatus() => _status.Read();

    /// <summary>Every selected channel and its last tick, in the order of the selection.</summary>
    public IReadOnlyList<SelectedChannel> GetSymbols() => _symbols.Read();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var folder = await FolderTurn.OpenAsync(_options, _time, _logger, stoppingToken);
            _gaps.Open(folder.Folder("gaps"), folder.Disk);
            await using var outlet = await _outlets.OpenAsync(_options, folder, stoppingToken);
            await _wanted.PrepareAsync(_options, stoppingToken);
            var plan = _wanted.Plan;
            var channels = plan.Values.Sum(market => market.Count);
            WarnOfLimits();
            _logger.Collecting(channels, plan.Count, _options.FeedName, outlet.Partitions, outlet.Name);
            await _run.RunAsync(_options, folder, outlet, stoppingToken);
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

    private void WarnOfLimits()
    {
        var connections = DescriptorLimit.Connections(_wanted.Plan, _polygon);
        if (DescriptorLimit.Warning(DescriptorLimit.Read(), connections) is { } warning)
        {
            _logger.LimitTooLow(warning);
        }
    }
}
