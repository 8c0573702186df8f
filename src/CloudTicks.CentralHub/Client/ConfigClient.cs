using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Rollouts;
using CloudTicks.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.FeatureManagement.FeatureFilters;
using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Client;

/// <summary>
/// The document of a service in a program of one's own.
/// <code>
/// await using var client = new ConfigClient("my-service", safeDefaults); await client.InitAsync(); var config = await
/// client.GetConfigAsync(); </code> It follows the hub in the background, and reports to it which version it follows; what it answers is
/// never older than the hub's last change by more than a moment, as long as there is a hub. While there is none it is the last document
/// that there was, also one that was kept on disk, and else the safe defaults. Thread-safe.
/// </summary>
public sealed class ConfigClient : IAsyncDisposable
{
    private const string FolderName = "config-client";

    /// <summary>Of several that edit at a time one succeeds each round.</summary>
    private const int MaxTries = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(50);

    private readonly JsonObject _safeDefaults;
    private readonly ServiceProvider _services;
    private readonly HubConnection _hub;
    private readonly FollowedDocument _document;
    private readonly DocumentFollower _follower;
    private readonly HubReporter? _reporter;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _beginning;
    private readonly Func<HubAnnouncements?> _listen;
    private Task _following = Task.CompletedTask;
    private TaskCompletionSource _change = NewChange();
    private VersionFlags? _flags;

    /// <summary>Makes a client; nothing is asked before <see cref="InitAsync"/>.</summary>
    /// <param name="service">The service, as it stands in <c>/api/v1/config/{service}</c>.</param>
    /// <param name="safeDefaults">What holds where there is neither a hub nor a document on disk.</param>
    /// <exception cref="ArgumentException">The service's name is none.</exception>
    /// <exception cref="FormatException">The endpoint is no address of a hub.</exception>
    public ConfigClient(string service, JsonObject safeDefaults, ConfigClientOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(service);
        ArgumentNullException.ThrowIfNull(safeDefaults);
        if (!service.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        {
            throw new ArgumentException($"'{service}' is no name of a service: it has letters, digits, '-' and '_'.", nameof(service));
        }

        options ??= new ConfigClientOptions();
        _safeDefaults = (JsonObject)safeDefaults.DeepClone();
        var address = HubAddress.Parse(options.Endpoint, nameof(ConfigClientOptions.Endpoint));
        _services = new ServiceCollection().AddMetrics().AddLogging().AddSingleton<CentralHubMetrics>().AddSingleton<MessagingMetrics>()
            .BuildServiceProvider();
        var loggers = options.LoggerFactory ?? _services.GetRequiredService<ILoggerFactory>();
        var metrics = _services.GetRequiredService<CentralHubMetrics>();
        _hub = new HubConnection(address, service, ServiceKey.OfEnvironment(), options.Time);
        _document = new FollowedDocument(
            service, new DocumentFile(options.Folder ?? DocumentFile.DefaultFolder(FolderName), service, address), _ => null, options.Time,
            metrics,
            loggers.CreateLogger<ConfigClient>());
        _follower = new DocumentFollower(_hub, _document, options.Time);
        _reporter = options.Reports
            ? new HubReporter(_hub, _document, () => [], options.Time, metrics, loggers.CreateLogger<ConfigClient>())
            : null;
        _document.OnChange = Change;
        _time = options.Time;
        _listen = () => string.IsNullOrEmpty(options.Nats) ? null : new HubAnnouncements(
            options.Nats, service, _follower.Announce, metrics, _services.GetRequiredService<MessagingMetrics>(), options.Time, loggers);
        _beginning = new Lazy<Task>(BeginAsync);
    }

    /// <summary>The version of what <see cref="GetConfigAsync"/> answers; null for the safe defaults.</summary>
    public int? Version => _document.State.InForce?.Version;

    /// <summary>Reads the document, and begins to follow it. A hub that is away is no failure; it takes no longer than 2 s.</summary>
    /// <param name="cancellationToken">Ends the wait; the reading goes on.</param>
    public Task InitAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        return _beginning.Value.WaitAsync(cancellationToken);
    }

    /// <summary>The document as it is now; the first call does what <see cref="InitAsync"/> does.</summary>
    public async Task<JsonObject> GetConfigAsync(CancellationToken cancellationToken = default)
    {
        await InitAsync(cancellationToken);
        return _document.State.InForce?.Content() ?? (JsonObject)_safeDefaults.DeepClone();
    }

    /// <summary>The document as it is now, and again after each change, until the client is disposed. A reader that is slow misses versions
    /// in between, never the newest.</summary>
    /// <exception cref="OperationCanceledException">The client is disposed.</exception>
    public async IAsyncEnumerable<JsonObject> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await InitAsync(end.Token);
        while (true)
        {
            // First the signal, then the document: a change in between completes it.
            var change = Volatile.Read(ref _change).Task;
            yield return await GetConfigAsync(end.Token);
            await change.WaitAsync(end.Token);
        }
    }

    /// <summary>Changes the document by a merge patch; when it was changed meanwhile it is read again, and the patch made anew.</summary>
    /// <param name="edit">Makes the patch of the version and the document that are in force; null leaves the document as it is.</param>
    /// <param name="comment">Stands in the history.</param>
    /// <returns>Whether the document was changed.</returns>
    /// <exception cref="ConfigChangeException">The hub is away, or refuses the change.</exception>
    public async Task<bool> ChangeAsync(
        Func<int, JsonObject, Task<JsonObject?>> edit, string comment, CancellationToken cancellationToken = default)
    {
        try
        {
            for (var tries = 1; ; tries++)
            {
                var inForce = (await _hub.ReadAsync(null, TimeSpan.Zero, cancellationToken))!;
                if (await edit(inForce.Version, inForce.Content()) is not { } patch)
                {
                    return false;
                }

                if (await _hub.ChangeAsync(JsonSerializer.SerializeToUtf8Bytes(patch), inForce.Tag, comment, cancellationToken))
                {
                    _follower.Announce();
                    return true;
                }

                if (tries == MaxTries)
                {
                    throw new ConfigChangeException($"Others changed the document {MaxTries} times meanwhile.");
                }

                await Task.Delay(MaxPause * Random.Shared.NextDouble(), _time, cancellationToken);
            }
        }
        catch (HubException problem)
        {
            throw new ConfigChangeException(problem.Message, problem);
        }
    }

    /// <summary>Whether a feature flag of the document is on for a user; one that is not there is off.</summary>
    /// <param name="user">Its hash decides whether a percentage includes it: the same in every process, and as the percentage
    /// grows.</param>
    /// <param name="groups">The groups to which the user belongs.</param>
    /// <exception cref="FormatException">The flags cannot be evaluated. The hub takes none of these.</exception>
    public async Task<bool> IsOnAsync(
        string flag, string user = "", IEnumerable<string>? groups = null, CancellationToken cancellationToken = default)
    {
        await InitAsync(cancellationToken);
        var inForce = _document.State.InForce;
        var flags = _flags;
        if (flags is null || flags.Document != inForce)
        {
            _flags = flags = new VersionFlags(inForce, FeatureFlags.OfUsers(inForce?.Content() ?? _safeDefaults));
        }

        if (!flags.Flags.IsEnabled(flag))
        {
            return false;
        }

        using var asked = flags.Flags.At(_time.GetUtcNow());
        return await asked.IsOnAsync(flag, new TargetingContext { UserId = user, Groups = groups ?? [] }, cancellationToken);
    }

    /// <summary>Stops following.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        if (_beginning.IsValueCreated)
        {
            await _beginning.Value.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _hub.Dispose();
        _stopping.Dispose();
        await _services.DisposeAsync();
    }

    private async Task BeginAsync()
    {
        await _follower.BeginAsync(Patience, _stopping.Token);
        _following = RunAsync(_stopping.Token);
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        await using var announcements = _listen();
        await Task.WhenAll(_follower.RunAsync(stopping), _reporter?.RunAsync(stopping) ?? Task.CompletedTask);
    }

    private void Change()
    {
        _reporter?.Change();
        Interlocked.Exchange(ref _change, NewChange()).SetResult();
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record VersionFlags(HubDocument? Document, FeatureFlags Flags);
}
