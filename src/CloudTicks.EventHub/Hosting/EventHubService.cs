using System.Globalization;
using System.Net;
using CloudTicks.EventHub.Apis;
using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Compaction;
using CloudTicks.EventHub.Connections;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Settings;
using CloudTicks.EventHub.Shares;
using CloudTicks.Foundations.Disks;
using Microsoft.Extensions.Options;

namespace CloudTicks.EventHub.Hosting;

/// <summary>The event hub as a hosted service. It stops in order: connections, groups, background work, storage.</summary>
internal sealed class EventHubService(
    IOptions<EventHubOptions> options, Disk disk, EventHubMetrics metrics, EventHubHealth health, TimeProvider time,
    IHostApplicationLifetime lifetime, ILogger<EventHubService> logger) : IHostedService, IAsyncDisposable
{
    private HubStorage? _storage;
    private GroupCoordinator? _groups;
    private KafkaServer? _server;
    private MemoryBudgets? _memory;
    private HeavyWork? _heavy;
    private Upkeep? _upkeep;
    private Scrub? _scrub;
    private CompactionLoop? _compaction;
    private TokenKeys? _tokenKeys;

    public IPEndPoint Address { get; private set; } = new(IPAddress.Loopback, 0);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var security = HubSecurity.Load(settings, logger);
        var refusals = new RefusalLog(time, logger);
        _tokenKeys = security.TokenKeys is { } source ? new TokenKeys(source, time, logger) : null;
        await (_tokenKeys?.StartAsync(cancellationToken) ?? Task.CompletedTask);
        var tokens = _tokenKeys is { } keys ? new TokenVerifier(settings, keys, time) : null;
        var authenticator = security.Users is not null || tokens is not null
            ? new Authenticator(security.Users, tokens, metrics, time, refusals)
            : null;
        var storage = _storage = new HubStorage(settings, disk, time, metrics, logger, OnDiskFailed);
        metrics.ObserveLag(new GroupLag(storage.Offsets, storage.Topics).Measure);
        health.WriteProblem = () => storage.WriteProblem;
        health.DiskProblem = () => storage.DiskWatch.Problem;
        health.Damage = () => storage.Damage.Problem;
        metrics.WatchDamage(() => storage.Damage.OpenCount);
        metrics.Watch(() => storage.DiskWatch.Forecast);
        var timing = new GroupTiming(settings.GroupMinSessionTimeout, settings.GroupMaxSessionTimeout, settings.GroupInitialRebalanceDelay);
        _groups = new GroupCoordinator(storage.Groups, storage.Offsets, storage.Log, time, settings.MaxGroups, timing, logger);
        var listener = new KafkaListener(settings);
        Address = listener.Bind();
        var (host, port) = settings.Advertise.Length > 0 ? HostAndPort.Parse(settings.Advertise) : ("", Address.Port);
        var heavy = _heavy = new HeavyWork();
        var broker = new BrokerNode(_storage, _groups, settings, host, port, metrics, heavy, time, logger);
        var memory = _memory = Budgets(settings);
        metrics.Watch(memory);
        var services = new ConnectionServices(
            new ApiTable(broker, authenticator), memory, heavy, metrics, time, security, authenticator,
            new PendingLogins(settings.MaxLogins), refusals);
        _server = new KafkaServer(listener, settings, services, logger);
        _server.Start();
        _upkeep = new Upkeep(storage, settings.UpkeepInterval, time, logger);
        _scrub = new Scrub(storage, settings.ScrubBytesPerSecond, settings.ScrubInterval, time, metrics, logger);
        _compaction = new CompactionLoop(storage.Compaction, settings.CompactionInterval, time, logger);
        logger.Listening(string.Create(CultureInfo.InvariantCulture, $"{Address}"), _storage.Root);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _server, null) is { } server)
        {
            await server.DisposeAsync();
        }

        if (Interlocked.Exchange(ref _groups, null) is { } groups)
        {
            await groups.DisposeAsync();
        }

        if (Interlocked.Exchange(ref _compaction, null) is { } compaction)
        {
            await compaction.DisposeAsync();
        }

        if (Interlocked.Exchange(ref _scrub, null) is { } scrub)
        {
            await scrub.DisposeAsync();
        }

        if (Interlocked.Exchange(ref _upkeep, null) is { } upkeep)
        {
            await upkeep.DisposeAsync();
        }

        if (Interlocked.Exchange(ref _storage, null) is { } storage)
        {
            await storage.DisposeAsync();
        }

        Interlocked.Exchange(ref _memory, null)?.Dispose();
        Interlocked.Exchange(ref _heavy, null)?.Dispose();
        Interlocked.Exchange(ref _tokenKeys, null)?.Dispose();
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private MemoryBudgets Budgets(EventHubOptions settings)
    {
        var shares = new ShareSettings(settings.ConnectionShare, settings.AddressShare);
        var memoryReturn = new MemoryReturn(time);
        return new MemoryBudgets(
            new MemoryBudget(settings.PendingRequestBytes, shares, time, memoryReturn),
            new MemoryBudget(settings.PendingFetchBytes, shares, time, memoryReturn),
            new MemoryBudget(settings.PendingAnswerBytes, shares, time, memoryReturn),
            memoryReturn);
    }

    private void OnDiskFailed(Exception failure)
    {
        if (health.TrySetFailed(failure))
        {
            logger.DiskFailed(failure);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }
}
