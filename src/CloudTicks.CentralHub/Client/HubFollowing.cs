using CloudTicks.CentralHub.Figures;
using CloudTicks.CentralHub.Settings;
using CloudTicks.Messaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub.Client;

/// <summary>Follows the document of this service for as long as the process runs, and reports to the hub.</summary>
internal sealed class HubFollowing : BackgroundService
{
    /// <summary>A hub that is not there refuses at once; one that hangs must not keep the service from its work.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HubConnection _hub;
    private readonly DocumentFollower _follower;
    private readonly HubReporter _reporter;
    private readonly Func<HubAnnouncements?> _listen;
    private bool _hasBegun;

    public HubFollowing(
        HubPlace place, HubSettings settings, IEnumerable<ICheckedSettings> checks, Func<IEnumerable<IServiceFigures>> figures,
        IConfiguration configuration, CentralHubMetrics metrics, MessagingMetrics messaging, TimeProvider time, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<HubFollowing>();
        var reload = new SettingsReload(place.Service, settings, checks);
        Place = place;
        Document = new FollowedDocument(
            place.Service.Service, new DocumentFile(place.Folder, place.Service.Service, place.Address), reload.Apply, time, metrics,
            logger);
        _hub = new HubConnection(place.Address, place.Service.Service, place.Key, time);
        _follower = new DocumentFollower(_hub, Document, time);
        _reporter = new HubReporter(_hub, Document, figures, time, metrics, logger);
        Document.OnChange = _reporter.Change;
        var nats = configuration.GetConnectionString("nats");
        _listen = () => string.IsNullOrEmpty(nats) ? null : new HubAnnouncements(
            nats, place.Service.Service, _follower.Announce, metrics, messaging, time, loggers);
    }

    public HubPlace Place { get; }

    public FollowedDocument Document { get; }

    /// <summary>Takes what is there before anything else starts: the version on disk, and the hub's if it answers soon.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            await _follower.BeginAsync(Patience, cancellationToken);
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
        // The subscription comes before the first question: what changes in between is in the answer.
        await using var announcements = _listen();
        try
        {
            await Task.WhenAll(_follower.RunAsync(stoppingToken), _reporter.RunAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends; its settings stay as they are.
        }
    }
}
