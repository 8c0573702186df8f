using CloudTicks.Collection.Gaps;
using CloudTicks.Collection.Limits;
using CloudTicks.Collection.Outlets;
using CloudTicks.Collection.Storage;
using CloudTicks.Collection.Subscriptions;
using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Running;

/// <summary>Opens what a run needs, in this order: the data folder, the gap ledger, the outlet, the selection.</summary>
internal sealed class CollectorStartup(
    IOptions<CollectorOptions> options, IOptions<PolygonOptions> polygon, OutletFactory outlets, WantedChannels wanted, GapService gaps,
    CollectionRun run, TickPathWarmUp warmUp, TimeProvider time, ILogger<CollectorService> logger)
{
    /// <summary>Collects until stopped, or until a part fails.</summary>
    /// <exception cref="CollectorException">Something cannot be opened, or the run failed; the message says what to do.</exception>
    /// <exception cref="EventStream.EventStreamException">The event hub refused a record.</exception>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var settings = options.Value;
        using var folder = await FolderWait.OpenAsync(settings, time, logger, stoppingToken);
        // Runs in parallel with opening the outlet, which mostly waits for other processes.
        var warmUpTask = Task.Run(() => warmUp.RunAsync(folder, stoppingToken), stoppingToken);
        gaps.Open(folder.Folder("gaps"), folder.Disk);
        await using var outlet = await outlets.OpenAsync(settings, folder, stoppingToken);
        await wanted.PrepareAsync(settings, stoppingToken);
        var plan = wanted.Plan;
        var channels = plan.Values.Sum(market => market.Count);
        WarnAboutLimits();
        await Task.WhenAll(warmUpTask, warmUp.PrepareAsync(outlet, stoppingToken));
        logger.Collecting(channels, plan.Count, settings.FeedName, outlet.Partitions, outlet.Name);
        await run.RunAsync(settings, folder, outlet, stoppingToken);
    }

    private void WarnAboutLimits()
    {
        var connections = DescriptorLimit.Connections(wanted.Plan, polygon.Value);
        if (DescriptorLimit.Warning(DescriptorLimit.Read(), connections) is { } warning)
        {
            logger.LimitTooLow(warning);
        }
    }
}
