using CloudTicks.CentralHub.Figures;
using CloudTicks.CentralHub.Settings;
using CloudTicks.Messaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub.Client;

/// <summary>Follows the document of this service while the process runs, and reports to the hub.</summary>
internal sealed class HubFollowerService : BackgroundService
{
    /// <summary>The time limit for the first read: an unresponsive hub must not delay the start of the service for long.</summary>
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(2);

    private readonly HubConnection _hub;
    private readonly DocumentFollower _follower;
    private readonly HubReporter _reporter;
    private readonly Func<HubAnnouncements?> _startListening;
    private bool _hasBegun;

    public HubFollowerService(
        FollowedHub hub, HubSettings settings, IEnumerable<ICheckedSettings> checks, Func<IEnumerable<IServiceFigures>> figures,
        IConfiguration configuration, CentralHubMetrics metrics, MessagingMetrics messaging, TimeProvider time, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<HubFollowerService>();
        var reload = new SettingsReload(hub.Service, settings, checks);
        Hub = hub;
        Document = new FollowedDocument(
            hub.Service.Service, new DocumentFile(hub.Folder, hub.Service.Service, hub.Address), reload.Apply, time, metrics,
            logger);
        _hub = new HubConnection(hub.Address, hub.Service.Service, hub.Key, time);
        _follower = new DocumentFollower(_hub, Document, time);
        _reporter = new HubReporter(_hub, Document, figures, time, metrics, logger);
        Document.OnChange = _reporter.RequestReport;
        var nats = configuration.GetConnectionString("nats");
        _startListening = () => string.IsNullOrEmpty(nats) ? null : new HubAnnouncements(
            nats, hub.Service.Service, _follower.Announce, metrics, messaging, time, loggers);
    }

    public FollowedHub Hub { get; }

    public FollowedDocument Document { get; }

    /// <summary>Applies the document on disk, and the hub's if it responds in time, before anything else starts.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            await _follower.BeginAsync(StartTimeout, cancellationToken);
        }
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _hub.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Subscribe before the first request, so that no change is missed in between.
        await using var announcements = _startListening();
        try
        {
            await Task.WhenAll(_follower.RunAsync(stoppingToken), _reporter.RunAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }
}
