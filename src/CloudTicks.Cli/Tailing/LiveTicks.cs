using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Cli.Tailing;

/// <summary>Live ticks from NATS: one subject per named symbol, or all subjects when there are patterns or no names.</summary>
internal sealed class LiveTicks : IAsyncDisposable
{
    /// <summary>
    /// The maximum number of pending messages, enough for one second of a busy feed. The client drops and counts further ones.
    /// </summary>
    private const int MaxPending = 200_000;

    private readonly TimeProvider _time;
    private readonly ServiceProvider _services;
    private readonly NatsSubscriber _subscriber;
    private readonly List<NatsSubscription> _subscriptions = [];

    /// <exception cref="DllNotFoundException">libnats was not found.</exception>
    public LiveTicks(NatsConnectionSettings settings, TimeProvider time)
    {
        _time = time;
        Server = settings.ToString();
        _services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<MessagingMetrics>()
            .AddSingleton(settings with { ClientName = "cloudticks", MaxPendingMessages = MaxPending })
            .AddSingleton(time).AddSingleton<NatsSubscriber>().BuildServiceProvider();
        _subscriber = _services.GetRequiredService<NatsSubscriber>();
    }

    public string Server { get; }

    public bool IsConnected => _subscriber.IsConnected;

    public string? Problem => _subscriber.Problem;

    /// <summary>The number of ticks that the client dropped because this program read too slowly.</summary>
    public long Dropped => _subscriptions.Sum(subscription => subscription.Dropped);

    /// <summary>Subscribes to the ticks of the given symbols.</summary>
    /// <param name="receive">Receives each message on the client's thread; the payload names the symbol.</param>
    public void Follow(SymbolFilter symbols, Action<ReadOnlySpan<byte>> receive)
    {
        // Names that differ only in a reserved character share a subject.
        var subjects = symbols.Symbols?.Select(symbol => TickSubject.Of(symbol.Name)).Distinct(StringComparer.Ordinal)
            ?? [TickSubject.EverySymbol];
        foreach (var subject in subjects)
        {
            _subscriptions.Add(_subscriber.Subscribe(subject, (_, payload) => receive(payload)));
        }
    }

    /// <summary>Waits until the server has received the subscriptions.</summary>
    /// <returns>False when the server does not answer in time.</returns>
    public async Task<bool> WaitUntilReadyAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var timeLimit = new CancellationTokenSource(timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        try
        {
            await _subscriber.ReadyAsync(linked.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
