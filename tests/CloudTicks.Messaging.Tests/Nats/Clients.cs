using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CloudTicks.Messaging.Nats;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Messaging.Tests.Nats;

/// <summary>The publishers and subscribers of one test, with their log.</summary>
internal sealed class Clients : IAsyncDisposable, ILoggerProvider
{
    private readonly ServiceProvider _services;
    private readonly MessagingMetrics _metrics;
    private readonly MeterListener _listener = new();
    private readonly List<IAsyncDisposable> _clients = [];
    private readonly SemaphoreSlim _logged = new(0);

    public Clients()
    {
        _services = new ServiceCollection().AddMetrics().AddLogging(logging => logging.AddProvider(this)).BuildServiceProvider();
        var meters = _services.GetRequiredService<IMeterFactory>();
        _metrics = new MessagingMetrics(meters);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            var name = instrument.Name["cloudticks.messaging.".Length..];
            Measured.AddOrUpdate(name, value, (_, sum) => sum + value);
            OnMeasured?.Invoke(name);
        });
        _listener.Start();
    }

    public ConcurrentQueue<string> Lines { get; } = new();

    public ConcurrentDictionary<string, long> Measured { get; } = new();

    /// <summary>Called with the name of each measured counter, on the thread that counts.</summary>
    public Action<string>? OnMeasured { get; set; }

    public NatsPublisher Publisher(string url, Func<NatsConnectionSettings, NatsConnectionSettings>? change = null)
    {
        var publisher = new NatsPublisher(
            Settings(url, change), _metrics, TimeProvider.System, _services.GetRequiredService<ILogger<NatsPublisher>>());
        _clients.Add(publisher);
        return publisher;
    }

    public NatsSubscriber Subscriber(string url, Func<NatsConnectionSettings, NatsConnectionSettings>? change = null)
    {
        var logger = _services.GetRequiredService<ILogger<NatsSubscriber>>();
        var subscriber = new NatsSubscriber(Settings(url, change), _metrics, TimeProvider.System, logger);
        _clients.Add(subscriber);
        return subscriber;
    }

    /// <summary>Waits until at least this many log lines contain a text.</summary>
    public async Task LineAsync(string text, int count, CancellationToken cancellationToken)
    {
        while (Lines.Count(line => line.Contains(text, StringComparison.Ordinal)) < count)
            await _logged.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_clients.Select(client => client.DisposeAsync().AsTask()));
        _listener.Dispose();
        _metrics.Dispose();
        _logged.Dispose();
        await _services.DisposeAsync();
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => new Recorder(line =>
    {
        Lines.Enqueue(line);
        _logged.Release();
    });

    void IDisposable.Dispose()
    {
    }

    /// <summary>
    /// Confirms until a confirmation succeeds: with a short ping interval, a loaded machine may lose the connection in between.
    /// </summary>
    public static async Task UntilConfirmedAsync(NatsPublisher publisher, CancellationToken cancellationToken)
    {
        while (true)
        {
            await publisher.WaitUntilConnectedAsync(cancellationToken);
            try
            {
                await publisher.ConfirmAsync(publisher.Generation, cancellationToken);
                return;
            }
            catch (MessagesNotConfirmedException)
            {
                // The connection was lost.
            }
        }
    }

    /// <summary>A long drain, so that a disposed subscription handles all messages that have arrived, even on a loaded machine.</summary>
    public static NatsConnectionSettings WithLongDrain(NatsConnectionSettings settings) =>
        settings with { DrainTime = TimeSpan.FromMinutes(1) };

    private static NatsConnectionSettings Settings(string url, Func<NatsConnectionSettings, NatsConnectionSettings>? change)
    {
        // With the short default times, a loaded machine would lose connections that a test expects to stay.
        var settings = NatsConnectionSettings.Parse(url) with
        {
            PingInterval = TimeSpan.FromMinutes(1),
            ConnectTimeout = TimeSpan.FromSeconds(10),
        };
        return change is null ? settings : change(settings);
    }

    private sealed class Recorder(Action<string> add) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            add($"{logLevel}: {formatter(state, exception)}{exception}");
    }
}
