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
/// The collector in a program of one's own: the same pipeline as the service, from the WebSocket to the event hub, with spool and gaps.
/// <code>await using var collector = await new PolygonLiveCollector(options).ConnectWebSocketAsync(["EURUSD", "XAUUSD"], ct);</code>
/// </summary>
public sealed class PolygonLiveCollector : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    private readonly IHost _host;
    private readonly CollectorOptions _options;
    private readonly Lazy<Task> _stop;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _stopOnCancel;
    private int _started;

    /// <summary>Makes a collector; nothing happens before it is told to connect.</summary>
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
        Give(builder.Services, options.Collector);
        Give(builder.Services, options.Polygon);
        if (options.LoggerFactory is { } logging)
        {
            builder.Services.AddSingleton(logging);
        }

        // Ctrl-C is the program's own, not ours.
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.AddCollection(builder.Configuration);
        _host = builder.Build();
        _stop = new Lazy<Task>(StopOnceAsync);
    }

    /// <summary>Completes when the collector has stopped; it fails with the reason when that was not asked for.</summary>
    public Task Completion => _completion.Task;

    /// <summary>
    /// Connects, and completes when the server has authenticated every market and acknowledged the symbols, or named those that it does not
    /// know. The collector then goes on, through outages of either side, until it is disposed or the token is cancelled. Called again, it
    /// changes the symbols of a collector that runs; those that stay miss nothing.
    /// </summary>
    /// <param name="symbols">Symbols in any of their forms; together with what the options select.</param>
    /// <param name="cancellationToken">Ends the wait, and later the collector, which closes its sessions and delivers what it has.</param>
    /// <exception cref="OptionsValidationException">An option is wrong, or a symbol is none.</exception>
    /// <exception cref="CollectorException">Polygon refused the key, or the archive belongs to another feed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before it was connected.</exception>
    public async Task<PolygonLiveCollector> ConnectWebSocketAsync(IReadOnlyCollection<string> symbols, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        ObjectDisposedException.ThrowIf(_stop.IsValueCreated, this);
        _host.Services.GetRequiredService<GivenOptions<CollectorOptions>>()
            .Change(_options with { Symbols = new SymbolNames([.. _options.Symbols ?? [], .. symbols]) });
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            await _host.StartAsync(cancellationToken);
            _ = WatchAsync();
            _stopOnCancel = cancellationToken.Register(() => _ = _stop.Value);
        }

        await UntilConnectedAsync(
            [.. symbols.Select(name => Symbol.TryParse(name, out var symbol) ? symbol : null).OfType<Symbol>()], cancellationToken);
        return this;
    }

    /// <summary>What was received and archived so far, and which sessions stand.</summary>
    public CollectorStatus GetStatus() => _host.Services.GetRequiredService<CollectorService>().GetStatus();

    /// <summary>Closes the sessions and waits until everything received is safe.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopOnCancel.DisposeAsync();
        await _stop.Value;
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private static void Give<TOptions>(IServiceCollection services, TOptions options)
        where TOptions : class
    {
        services.AddSingleton(provider => new GivenOptions<TOptions>(options, provider.GetServices<IValidateOptions<TOptions>>()));
        services.AddSingleton<IOptionsFactory<TOptions>>(provider => provider.GetRequiredService<GivenOptions<TOptions>>());
        services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(provider => provider.GetRequiredService<GivenOptions<TOptions>>());
    }

    private async Task UntilConnectedAsync(HashSet<Symbol> symbols, CancellationToken cancellationToken)
    {
        var wanted = _host.Services.GetRequiredService<WantedChannels>();
        using var look = new PeriodicTimer(BetweenLooks, _host.Services.GetRequiredService<TimeProvider>());
        do
        {
            if (Completion.IsCompleted)
            {
                await Completion;
                throw new OperationCanceledException("The collector was stopped.", cancellationToken);
            }

            // First what is asked for, then the answers: the other way round the answers may be to what was asked for before.
            var isAsked = symbols.IsSubsetOf(wanted.Told.Select(channel => channel.Symbol));
            var status = GetStatus();
            if (status.Refused.Count > 0)
            {
                throw new CollectorException(string.Join(" ", status.Refused.Values));
            }

            if (isAsked && status.Connections.Values.All(IsAnswered))
            {
                return;
            }
        }
        while (await look.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Whether the server has acknowledged, or refused, or been silent for long about everything that is asked of it.</summary>
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

    /// <summary>The host neither waits for nor takes signals.</summary>
    private sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
