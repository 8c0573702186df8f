using CloudTicks.Collection.Settings;
using CloudTicks.Collection.Subscriptions;
using CloudTicks.Collection.Symbols;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection;

/// <summary>
/// The collector as a library: the same pipeline as the service, from the WebSocket to the event hub, with spool and gaps.
/// <code>await using var collector = await new PolygonLiveCollector(options).ConnectWebSocketAsync(["EURUSD", "XAUUSD"], ct);</code>
/// </summary>
public sealed class PolygonLiveCollector : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly IHost _host;
    private readonly CollectorOptions _options;
    private readonly Lazy<Task> _stop;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _stopOnCancel;
    private int _started;

    /// <summary>Creates a collector, which does nothing before <see cref="ConnectWebSocketAsync"/>.</summary>
    public PolygonLiveCollector(PolygonLiveCollectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Collector;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:eventhubs", options.EventHub),
            new(PolygonApiKey.Setting, options.ApiKey ?? Environment.GetEnvironmentVariable(PolygonApiKey.Setting)),
        ]);
        AddOptions(builder.Services, options.Collector);
        AddOptions(builder.Services, options.Polygon);
        builder.Services.AddSingleton(options.DrainTimings);
        if (options.LoggerFactory is { } logging)
        {
            builder.Services.AddSingleton(logging);
        }

        // The embedding program handles Ctrl-C.
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.AddCollection(builder.Configuration);
        _host = builder.Build();
        _stop = new Lazy<Task>(StopOnceAsync);
    }

    /// <summary>Completes when the collector has stopped. Fails with the reason unless the caller stopped it.</summary>
    public Task Completion => _completion.Task;

    /// <summary>
    /// Connects. Completes when the server has authenticated every market and each subscription was acknowledged, was refused or has timed
    /// out. The collector then runs until it is disposed or the token is cancelled, even during outages of the feed or the event hub. A
    /// further call replaces the symbols of the running collector; symbols that remain selected miss no tick.
    /// </summary>
    /// <param name="symbols">Symbols in any of their forms, in addition to those that the options select.</param>
    /// <param name="cancellationToken">
    /// Ends the wait. The token of the first call also stops the collector, which then closes its sessions and delivers its records.
    /// </param>
    /// <exception cref="OptionsValidationException">An option or a symbol is invalid.</exception>
    /// <exception cref="CollectorException">
    /// The collector cannot start or continue, for example because Polygon refused the key or the archive belongs to another feed.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The token was cancelled, or the collector was stopped, before the collector was connected.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The collector was disposed, or the token of the first call was cancelled.</exception>
    public async Task<PolygonLiveCollector> ConnectWebSocketAsync(IReadOnlyCollection<string> symbols, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        ObjectDisposedException.ThrowIf(_stop.IsValueCreated, this);
        _host.Services.GetRequiredService<ReplaceableOptions<CollectorOptions>>()
            .Change(_options with { Symbols = new SymbolNames([.. _options.Symbols ?? [], .. symbols]) });
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            await _host.StartAsync(cancellationToken);
            _ = WatchAsync();
            _stopOnCancel = cancellationToken.Register(() => _ = _stop.Value);
        }

        await WaitUntilConnectedAsync(
            [.. symbols.Select(name => Symbol.TryParse(name, out var symbol) ? symbol : null).OfType<Symbol>()], cancellationToken);
        return this;
    }

    /// <summary>The counts of received and archived ticks and the state of the sessions.</summary>
    public CollectorStatus GetStatus() => _host.Services.GetRequiredService<CollectorService>().GetStatus();

    /// <summary>Closes the sessions and waits until everything received is in the event hub or on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopOnCancel.DisposeAsync();
        await _stop.Value;
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private static void AddOptions<TOptions>(IServiceCollection services, TOptions options)
        where TOptions : class
    {
        services.AddSingleton(provider => new ReplaceableOptions<TOptions>(options, provider.GetServices<IValidateOptions<TOptions>>()));
        services.AddSingleton<IOptionsFactory<TOptions>>(provider => provider.GetRequiredService<ReplaceableOptions<TOptions>>());
        services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(provider => provider.GetRequiredService<ReplaceableOptions<TOptions>>());
    }

    private async Task WaitUntilConnectedAsync(HashSet<Symbol> symbols, CancellationToken cancellationToken)
    {
        var wantedChannels = _host.Services.GetRequiredService<WantedChannels>();
        using var pollTimer = new PeriodicTimer(PollInterval, _host.Services.GetRequiredService<TimeProvider>());
        do
        {
            if (Completion.IsCompleted)
            {
                await Completion;
                throw new OperationCanceledException("The collector was stopped.", cancellationToken);
            }

            // Read the wanted channels before the status: otherwise the status might belong to the previous channels.
            var isRequested = symbols.IsSubsetOf(wantedChannels.Applied.Select(channel => channel.Symbol));
            var status = GetStatus();
            if (status.Refused.Count > 0)
            {
                throw new CollectorException(string.Join(" ", status.Refused.Values));
            }

            if (isRequested && status.Connections.Values.All(IsAnswered))
            {
                return;
            }
        }
        while (await pollTimer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Whether every wanted channel was acknowledged, was refused or has timed out.</summary>
    private static bool IsAnswered(MarketFeedStatus feed) => feed.IsConnected
        && feed.Connections.Sum(connection => connection.Acknowledged) + feed.Missing.Count
        + feed.Refused.Count >= feed.Connections.Sum(connection => connection.Wanted);

    private async Task WatchAsync()
    {
        try
        {
            await (_host.Services.GetRequiredService<CollectorService>().ExecuteTask ?? Task.CompletedTask);
            _completion.TrySetResult();
        }
        catch (OperationCanceledException)
        {
            _completion.TrySetResult();
        }
        catch (Exception exception)
        {
            _completion.TrySetException(exception);
        }
    }

    private async Task StopOnceAsync()
    {
        if (_started != 0)
        {
            await _host.StopAsync(CancellationToken.None);
            await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Leaves signals to the embedding program.</summary>
    private sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
