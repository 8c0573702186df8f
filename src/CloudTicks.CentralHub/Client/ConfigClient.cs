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
/// Reads and follows the document of a service, for any program. The client follows the hub in the background and reports the version that
/// it follows. While the hub is unavailable, the client returns the last document, from memory or disk, or else the safe defaults.
/// Thread-safe.
/// <code>
/// await using var client = new ConfigClient("my-service", safeDefaults);
/// await client.InitAsync();
/// var config = await client.GetConfigAsync();
/// </code>
/// </summary>
public sealed class ConfigClient : IAsyncDisposable
{
    private const string FolderName = "config-client";

    /// <summary>The maximum number of attempts to make a change. Of several concurrent attempts, only one succeeds.</summary>
    private const int MaxTries = 100;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(50);

    private readonly JsonObject _safeDefaults;
    private readonly ServiceProvider _services;
    private readonly HubConnection _hub;
    private readonly FollowedDocument _document;
    private readonly DocumentFollower _follower;
    private readonly HubReporter? _reporter;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _start;
    private readonly Func<HubAnnouncements?> _startListening;
    private Task _following = Task.CompletedTask;
    private TaskCompletionSource _changeSignal = NewSignal();
    private VersionFlags? _flags;

    /// <summary>Creates a client. It sends no request before <see cref="InitAsync"/>.</summary>
    /// <param name="service">The service's name in <c>/api/v1/config/{service}</c>.</param>
    /// <param name="safeDefaults">The document to use without a hub and without a document on disk.</param>
    /// <exception cref="ArgumentException">The service's name is invalid.</exception>
    /// <exception cref="FormatException">The endpoint is not the address of a hub or is unsafe for keys, or the key is invalid.</exception>
    public ConfigClient(string service, JsonObject safeDefaults, ConfigClientOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(service);
        ArgumentNullException.ThrowIfNull(safeDefaults);
        if (!service.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ArgumentException(
                $"'{service}' is not a valid service name: use only letters, digits, '-' and '_'.", nameof(service));
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
        _document.OnChange = OnChange;
        _time = options.Time;
        _startListening = () => string.IsNullOrEmpty(options.Nats) ? null : new HubAnnouncements(
            options.Nats, service, _follower.Announce, metrics, _services.GetRequiredService<MessagingMetrics>(), options.Time, loggers);
        _start = new Lazy<Task>(BeginAsync);
    }

    /// <summary>The version that <see cref="GetConfigAsync"/> returns; null for the safe defaults.</summary>
    public int? Version => _document.State.InForce?.Version;

    /// <summary>Reads the document and starts following it. Takes at most 2 s, and does not fail when the hub is unavailable.</summary>
    /// <param name="cancellationToken">Cancels the wait, not the start.</param>
    public Task InitAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        return _start.Value.WaitAsync(cancellationToken);
    }

    /// <summary>Returns the current document. The first call waits for <see cref="InitAsync"/>.</summary>
    public async Task<JsonObject> GetConfigAsync(CancellationToken cancellationToken = default)
    {
        await InitAsync(cancellationToken);
        return _document.State.InForce?.Content() ?? (JsonObject)_safeDefaults.DeepClone();
    }

    /// <summary>
    /// Returns the current document, then the new document after each change, until the client is disposed. A slow reader misses
    /// intermediate versions, never the newest.
    /// </summary>
    /// <exception cref="OperationCanceledException">The client is disposed while it follows, or the call is cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The client was already disposed.</exception>
    public async IAsyncEnumerable<JsonObject> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await InitAsync(end.Token);
        while (true)
        {
            // Take the signal before the document: a change in between completes the signal.
            var change = Volatile.Read(ref _changeSignal).Task;
            yield return await GetConfigAsync(end.Token);
            await change.WaitAsync(end.Token);
        }
    }

    /// <summary>
    /// Changes the document with a merge patch. After a concurrent change, the client reads the document again and calls
    /// <paramref name="edit"/> again.
    /// </summary>
    /// <param name="edit">Creates the patch from the current version and document; null leaves the document unchanged.</param>
    /// <param name="comment">Comment in the history.</param>
    /// <returns>Whether the document was changed.</returns>
    /// <exception cref="ConfigChangeException">The hub is unavailable or refuses the change, or too many others came first.</exception>
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
                    throw new ConfigChangeException($"The document was not changed: {MaxTries} concurrent changes came first. Try again.");
                }

                await Task.Delay(MaxPause * Random.Shared.NextDouble(), _time, cancellationToken);
            }
        }
        catch (HubException problem)
        {
            throw new ConfigChangeException(problem.Message, problem);
        }
    }

    /// <summary>Returns whether a feature flag of the document is on for a user. An unknown flag is off.</summary>
    /// <param name="user">
    /// The user's name. Its hash, the same in every process, decides whether a percentage includes the user. As the percentage grows, users
    /// stay included.
    /// </param>
    /// <param name="groups">The user's groups.</param>
    /// <exception cref="FormatException">The flags cannot be evaluated. The hub refuses such documents.</exception>
    public async Task<bool> IsOnAsync(
        string flag, string user = "", IEnumerable<string>? groups = null, CancellationToken cancellationToken = default)
    {
        await InitAsync(cancellationToken);
        var inForce = _document.State.InForce;
        var flags = _flags;
        if (flags is null || flags.Document != inForce)
        {
            _flags = flags = new VersionFlags(inForce, FeatureFlags.ReadForUsers(inForce?.Content() ?? _safeDefaults));
        }

        if (!flags.Flags.IsEnabled(flag))
        {
            return false;
        }

        using var evaluation = flags.Flags.At(_time.GetUtcNow());
        return await evaluation.IsOnAsync(flag, new TargetingContext { UserId = user, Groups = groups ?? [] }, cancellationToken);
    }

    /// <summary>Stops following.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        if (_start.IsValueCreated)
        {
            await _start.Value.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _hub.Dispose();
        _stopping.Dispose();
        await _services.DisposeAsync();
    }

    private async Task BeginAsync()
    {
        await _follower.BeginAsync(StartTimeout, _stopping.Token);
        _following = RunAsync(_stopping.Token);
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        await using var announcements = _startListening();
        await Task.WhenAll(_follower.RunAsync(stopping), _reporter?.RunAsync(stopping) ?? Task.CompletedTask);
    }

    private void OnChange()
    {
        _reporter?.RequestReport();
        Interlocked.Exchange(ref _changeSignal, NewSignal()).SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record VersionFlags(HubDocument? Document, FeatureFlags Flags);
}
