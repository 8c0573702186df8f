using System.Text.Json;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks;

namespace CloudTicks.Dashboard.Board;

/// <summary>Brings the ticks from NATS to the board, has it drawn, and knows whether they come.</summary>
internal sealed class BoardFeed(
    NatsConnectionSettings settings, SymbolBoard board, MessagingMetrics metrics, TimeProvider time,
    ILogger<NatsSubscriber> logger) : BackgroundService
{
    /// <summary>Enough for some seconds of a busy feed; what is more is dropped by the client, and counted.</summary>
    private const int MostPending = 200_000;

    private volatile FeedState _state = new(false, time.GetUtcNow().ToUnixTimeMilliseconds(), "The page is connecting to NATS.");
    private Task? _asked;
    private long _askedFor;
    private long _readyFor = -1;

    public FeedState State => _state;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var own = settings with { ClientName = "cloudticks-dashboard", MaxPendingMessages = MostPending };
        await using var subscriber = new NatsSubscriber(own, metrics, time, logger);
        await using var subscription = subscriber.Subscribe(TickSubject.Everything, board.Take);
        using var pictures = new PeriodicTimer(SymbolBoard.BetweenPictures, time);
        while (await pictures.WaitForNextTickAsync(stoppingToken))
        {
            Look(subscriber.Problem, await IsReadyAsync(subscriber, stoppingToken));
            board.Draw();
        }
    }

    /// <summary>Whether the server of this connection knows what is wanted: only then do ticks come.</summary>
    private async Task<bool> IsReadyAsync(NatsSubscriber subscriber, CancellationToken stoppingToken)
    {
        if (!subscriber.IsConnected)
        {
            return false;
        }

        if (_asked is null && _readyFor != subscriber.Generation)
        {
            (_asked, _askedFor) = (subscriber.ReadyAsync(stoppingToken), subscriber.Generation);
        }

        if (_asked is { IsCompleted: true } answered)
        {
            await answered;
            (_asked, _readyFor) = (null, _askedFor);
        }

        return _readyFor == subscriber.Generation;
    }

    private void Look(string? problem, bool isReady)
    {
        var sentence = isReady ? "Live ticks come from NATS."
            : $"No live ticks: there is no connection to NATS at {settings}{(problem is null ? "" : $" ({problem})")}. What stands here "
                + $"is as it was; it goes on by itself once NATS is back.";
        var before = _state;
        if (before.IsConnected != isReady || before.Sentence != sentence)
        {
            _state = new FeedState(
                isReady, before.IsConnected == isReady ? before.SinceMs : time.GetUtcNow().ToUnixTimeMilliseconds(), sentence);
        }
    }
}

/// <summary>Whether ticks come from NATS.</summary>
/// <param name="SinceMs">Since when it is so, Unix ms.</param>
internal sealed record FeedState(bool IsConnected, long SinceMs, string Sentence)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, object> { ["connected"] = IsConnected, ["since_ms"] = SinceMs, ["sentence"] = Sentence });
}
