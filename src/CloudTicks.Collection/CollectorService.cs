using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Gaps;
using CloudTicks.Collection.Intake;
using CloudTicks.Collection.Limits;
using CloudTicks.Collection.Liveness;
using CloudTicks.Collection.Outlets;
using CloudTicks.Collection.Running;
using CloudTicks.Collection.Storage;
using CloudTicks.Collection.Symbols;
using CloudTicks.EventStream;
using CloudTicks.Polygon;
using CloudTicks.Polygon.Hours;
using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection;

/// <summary>
/// Takes Polygon's live feed, or the simulator's, into the archive. When it is stopped it closes the sessions and waits until everything that
/// was received is in the event hub or on disk.
/// </summary>
public sealed class CollectorService : BackgroundService
{
    private readonly CollectorOptions _options;
    private readonly IServiceProvider _services;
    private readonly ILogger<CollectorService> _logger;
    private readonly WantedChannels _wanted;
    private readonly GapKeeping _gaps;
    private readonly CollectorStatusReader _status;
    private readonly SelectedSymbolsReader _symbols;
    private volatile CollectionRun? _run;

    internal CollectorService(IOptions<CollectorOptions> options, MarketFeeds feeds, GapKeeping gaps, IServiceProvider services, ILogger<CollectorService> logger)
    {
        (_options, _gaps, _services, _logger) = (options.Value, gaps, services, logger);
        _wanted = new WantedChannels(_options, services.GetRequiredService<SymbolSelection>(), feeds, services.GetRequiredService<TimeProvider>());
        _status = new CollectorStatusReader(
            _options, feeds, _wanted, gaps, services.GetRequiredService<StaleSymbols>(), services.GetRequiredService<CollectorCounters>(),
            services.GetRequiredService<FrameQueue>(), services.GetRequiredService<PolygonMetrics>(), services.GetRequiredService<TimeProvider>());
        _symbols = new SelectedSymbolsReader(
            _wanted, feeds, services.GetRequiredService<CollectorCounters>(), services.GetRequiredService<MarketHours>(), services.GetRequiredService<TimeProvider>());
    }

    /// <summary>What the feeds are asked for at the moment.</summary>
    internal IEnumerable<FeedChannel> Wanted => _wanted.Told;

    /// <summary>What was received and archived so far, and which sessions stand.</summary>
    /// <returns>A picture of the moment.</returns>
    public CollectorStatus GetStatus() => _status.Read(_run);

    /// <summary>Every channel that is selected, and when it ticked last.</summary>
    /// <returns>A picture of the moment, in the order of the selection.</returns>
    public IReadOnlyList<SelectedChannel> GetSymbols() => _symbols.Read();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var folder = await FolderTurn.OpenAsync(_options, _services.GetRequiredService<TimeProvider>(), _logger, stoppingToken);
            _gaps.Open(folder.Folder("gaps"), folder.Disk);
            await using var outlet = await ActivatorUtilities.CreateInstance<OutletOpening>(_services).OpenAsync(_options, folder, stoppingToken);
            await _wanted.PrepareAsync(_options, stoppingToken);
            var plan = _wanted.Plan;
            var channels = plan.Values.Sum(market => market.Count);
            WarnOfLimits();
            _logger.Collecting(channels, plan.Count, _options.FeedName, outlet.Partitions, outlet.Name);
            _run = new CollectionRun(_options, folder, outlet, _wanted, _services, _logger);
            await _run.RunAsync(stoppingToken);
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
        var connections = DescriptorLimit.Connections(_wanted.Plan, _services.GetRequiredService<IOptions<PolygonOptions>>().Value);
        if (DescriptorLimit.Warning(DescriptorLimit.Read(), connections) is { } warning)
        {
            _logger.LimitTooLow(warning);
        }
    }
}
