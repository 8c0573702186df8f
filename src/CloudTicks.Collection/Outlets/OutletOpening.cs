using System.Text.Json;
using CloudTicks.CentralHub.Access;
using CloudTicks.Collection.DbServer;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Intake;
using CloudTicks.Collection.Redis;
using CloudTicks.Collection.Storage;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Pacing;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Outlets;

/// <summary>Opens what the settings name: the event hub, or a server that takes ticks over HTTP; and Redis beside it.</summary>
internal sealed class OutletOpening(IServiceProvider services, TimeProvider time, ILogger<OutletOpening> logger)
{
    private const string Refused = "db-server-refused.jsonl";
    private const string Rejected = "rejected.jsonl";

    private static readonly TimeSpan DbServerLinger = TimeSpan.FromSeconds(1);

    private readonly RedisOutlet? _redis = services.GetService<RedisOutlet>();
    private bool _lossSaid;

    /// <summary>Opens it; waits for an event hub for as long as it takes.</summary>
    /// <exception cref="CollectorException">The archive holds ticks of another feed.</exception>
    public Task<Outlet> OpenAsync(CollectorOptions options, DataFolder folder, CancellationToken cancellationToken) =>
        options.DbServer is { Length: > 0 } server
            ? Task.FromResult(DbServer(DbServerAddress.Parse(server), folder))
            : EventHubAsync(options, folder, cancellationToken);

    private async Task<Outlet> EventHubAsync(CollectorOptions options, DataFolder folder, CancellationToken cancellationToken)
    {
        var hub = services.GetRequiredService<EventStreamConnection>();
        var spools = new SpoolFolders(folder, logger);
        if (new RememberedArchive(folder, hub, options.FeedName).Hub is { } remembered)
        {
            spools.MarkEarlier(SpoolFolders.EventHub, SpoolDestination.OfRemembered(remembered));
        }

        var opening = ActivatorUtilities.CreateInstance<ArchiveOpening>(services);
        var partitions = await opening.OpenAsync(options.FeedName, folder, cancellationToken);
        var archive = new LostArchive(hub, options.FeedName, partitions, services, logger);
        if (!opening.IsHubAway)
        {
            await archive.WhyLostAsync(cancellationToken);
        }

        var spool = spools.Choose(SpoolFolders.EventHub, SpoolDestination.Of(hub, archive.Identity));
        var sink = new RebuildingSink(
            () => ActivatorUtilities.CreateInstance<RecordProducer>(services), FeedMark.Text(options.FeedName), hub, archive,
            services.GetRequiredService<CollectorCounters>(), time, logger);
        return new Outlet
        {
            Name = hub.ToString(),
            Sink = sink,
            Owned = sink,
            Partitions = partitions,
            Linger = AdaptiveLinger.Shortest,
            Pace = hub.IsEventHubs
                ? new AdaptiveLinger(services.GetRequiredService<IOptions<EventHubsOptions>>().Value.EventsPerSecond, partitions, time)
                : null,
            Spool = spool,
            OnTaken = _redis is null ? null : _redis.Offer,
            Redis = _redis is null ? null : _redis.GetStatus,
        };
    }

    private Outlet DbServer(Uri server, DataFolder folder)
    {
        var refused = new LetterFile(Path.Combine(folder.Path, Refused), time, folder.Disk);
        var rejected = new LetterFile(Path.Combine(folder.Path, Rejected), time, folder.Disk);
        var metrics = services.GetRequiredService<DbServerMetrics>();
        var sink = new DbServerSink(
            server, Environment.GetEnvironmentVariable(AccessKey.Variable), refused, metrics, time, services.GetRequiredService<ILogger<DbServerSink>>());
        return new Outlet
        {
            Name = $"the server at {server.Authority}",
            Sink = sink,
            Partitions = ArchiveTopics.ArchivePartitions,
            Linger = DbServerLinger,
            Spool = new SpoolFolders(folder, logger).Choose(SpoolFolders.DbServer, SpoolDestination.Of(server)),
            WriteDeadLetterAsync = (raw, reason) => KeepAsync(rejected, raw, reason),
            OnTaken = _redis is null ? null : _redis.Offer,
            Redis = _redis is null ? null : _redis.GetStatus,
            RefusedTicks = () => metrics.RefusedTicks,
            Owned = sink,
        };
    }

    /// <summary>Rubbish that cannot be kept is counted all the same, and must not hold the feed up.</summary>
    private async Task KeepAsync(LetterFile file, ReadOnlyMemory<byte> raw, string reason)
    {
        try
        {
            await file.AddAsync(json => Write(json, raw, reason), CancellationToken.None);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            if (!_lossSaid)
            {
                _lossSaid = true;
                logger.RejectedNotKept(file.Path, problem.Message);
            }
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlyMemory<byte> raw, string reason)
    {
        json.WriteString("reason"u8, reason);
        if (System.Text.Unicode.Utf8.IsValid(raw.Span))
        {
            json.WriteString("element"u8, raw.Span);
        }
        else
        {
            json.WriteBase64String("element_base64"u8, raw.Span);
        }
    }
}
