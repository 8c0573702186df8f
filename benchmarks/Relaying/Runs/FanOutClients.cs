using System.Diagnostics;
using CloudTicks.Benchmarks.Relaying.Clients;
using CloudTicks.Benchmarks.Relaying.Feed;

namespace CloudTicks.Benchmarks.Relaying.Runs;

/// <summary>Clients that each subscribe to every fifth symbol, so that a fifth of the clients receive each tick.</summary>
internal sealed class FanOutClients : IAsyncDisposable
{
    public const int Symbols = 100;

    private const int SymbolGroups = 5;
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    private readonly List<CountingClient> _clients = [];
    private readonly RecordedMessages _recorded = new();
    private long _statusEvents;

    /// <summary>The number of clients that receive each tick.</summary>
    public int Receivers => _clients.Count / SymbolGroups;

    /// <summary>The number of events that all clients have received, without statuses.</summary>
    public long Events => _clients.Sum(client => client.Events) - _statusEvents;

    public long Bytes => _clients.Sum(client => client.Bytes);

    public long Messages => _clients.Sum(client => client.Messages);

    /// <summary>The messages that the first client received while they were being recorded.</summary>
    public RecordedMessages Recorded => _recorded;

    public static async Task<FanOutClients> ConnectAsync(
        Uri relay, int count, QuoteProducer producer, CancellationToken cancellationToken)
    {
        var clients = new FanOutClients();
        for (var index = 0; index < count; index++)
        {
            var client = await CountingClient.ConnectAsync(
                relay, "stocks", cancellationToken, index == 0 ? clients._recorded.Add : null);
            clients._clients.Add(client);
            await client.SubscribeAsync(
                [.. producer.Channels.Where((_, symbol) => symbol % SymbolGroups == index % SymbolGroups)], cancellationToken);
        }

        clients._statusEvents = clients._clients.Sum(client => client.Events);
        return clients;
    }

    /// <summary>Waits until all clients together have received a number of events.</summary>
    /// <returns>False if events stop arriving before that.</returns>
    public async Task<bool> WaitForEventsAsync(long events, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(PollInterval);
        var (last, lastAt) = (Events, Stopwatch.GetTimestamp());
        while (last < events)
        {
            await poll.WaitForNextTickAsync(cancellationToken);
            var now = Events;
            if (now > last)
            {
                (last, lastAt) = (now, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(lastAt) > MaxWait)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Describes the difference if the clients did not receive the expected total of events; null if they did.</summary>
    public string? Fault(long ticks)
    {
        var expected = ticks * Receivers;
        return Events == expected
            ? null : FormattableString.Invariant($"The clients received {Events:N0} events instead of {expected:N0}.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }
    }
}
