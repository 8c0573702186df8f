using System.Text.Json;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks;

namespace CloudTicks.Dashboard.Board;

/// <summary>Passes ticks from NATS to the board, triggers its snapshots, and tracks the connection to NATS.</summary>
internal sealed class BoardFeed(
    NatsConnectionSettings settings, SymbolBoard board, MessagingMetrics metrics, TimeProvider time,
    ILogger<NatsSubscriber> logger) : BackgroundService
{
    /// <summary>The maximum number of queued ticks, enough for some seconds of a busy feed. The client drops and counts the rest.</summary>
    private const int MaxPending = 200_000;

    private volatile FeedState _state = new(false, time.GetUtcNow().ToUnixTimeMilliseconds(), "The dashboard is connecting to NATS.");
    private Task? _readiness;
    private long _readinessGeneration;
    private long _readyGeneration = -1;

    public FeedState State => _state;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var ownSettings = settings with { ClientName = "cloudticks-dashboard", MaxPendingMessages = MaxPending };
        await using var subscriber = new NatsSubscriber(ownSettings, metrics, time, logger);
        await using var subscription = subscriber.Subscribe(TickSubject.Everything, board.Add);
        using var snapshotTimer = new PeriodicTimer(SymbolBoard.SnapshotInterval, time);
        while (await snapshotTimer.WaitForNextTickAsync(stoppingToken))
        {
            UpdateState(subscriber.Problem, await IsReadyAsync(subscriber, stoppingToken));
            board.TakeSnapshot();
        }
    }

    /// <summary>Returns whether the server has confirmed the subscription; ticks arrive only after that.</summary>
    private async Task<bool> IsReadyAsync(NatsSubscriber subscriber, CancellationToken stoppingToken)
    {
        if (!subscriber.IsConnected)
        {
            // After a reconnection, IsConnected becomes true before Generation changes: the old generation must not count as ready again.
            _readyGeneration = -1;
            return false;
        }

        if (_readiness is null && _readyGeneration != subscriber.Generation)
        {
            (_readiness, _readinessGeneration) = (subscriber.ReadyAsync(stoppingToken), subscriber.Generation);
        }

        if (_readiness is { IsCompleted: true } completed)
        {
            await completed;
            (_readiness, _readyGeneration) = (null, _readinessGeneration);
        }

        return _readyGeneration == subscriber.Generation;
    }

    private void UpdateState(string? problem, bool isReady)
    {
        var sentence = isReady ? "The dashboard receives live ticks from NATS."
            : $"No live ticks: there is no connection to NATS at {settings}{(problem is null ? "" : $" ({problem})")}. The board is "
                + $"out of date, and updates resume when NATS answers.";
        var before = _state;
        if (before.IsConnected != isReady || before.Sentence != sentence)
        {
            _state = new FeedState(
                isReady, before.IsConnected == isReady ? before.SinceMs : time.GetUtcNow().ToUnixTimeMilliseconds(), sentence);
        }
    }
}

/// <summary>The state of the connection to NATS, from which the board gets its ticks.</summary>
/// <param name="SinceMs">When <paramref name="IsConnected"/> last changed, Unix ms.</param>
internal sealed record FeedState(bool IsConnected, long SinceMs, string Sentence)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, object> { ["connected"] = IsConnected, ["since_ms"] = SinceMs, ["sentence"] = Sentence });
}
