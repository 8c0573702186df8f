using CloudTicks.EventStream;
using CloudTicks.Polygon.Serving.Messages;
using CloudTicks.Relay.Archive;

namespace CloudTicks.Relay.Clients;

/// <summary>
/// Runs the catch-ups of one client, one at a time. Channels requested during a run are collected for the next run, so that a client that
/// sends a separate subscription per symbol causes a few runs, not one per symbol.
/// </summary>
internal sealed class SessionCatchUp(ClientSession session, ClientParts parts) : IAsyncDisposable
{
    private const int MaxNames = 100;

    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private List<(string Name, SinceChannel Channel)> _wanted = [];
    private Task _running = Task.CompletedTask;
    private bool _isRunning;

    /// <summary>Adds a channel to the next run, which <see cref="Start"/> begins.</summary>
    public void Add(string name, SinceChannel channel)
    {
        lock (_gate)
        {
            _wanted.RemoveAll(wanted => wanted.Channel.Selector == channel.Selector);
            _wanted.Add((name, channel));
        }
    }

    /// <summary>Removes channels that are waiting for the next run.</summary>
    public void Remove(ChannelSelector selector)
    {
        lock (_gate)
            _wanted.RemoveAll(wanted => selector.Covers(wanted.Channel.Selector));
    }

    public void Start()
    {
        lock (_gate)
        {
            if (_isRunning || _wanted.Count == 0)
                return;
            _isRunning = true;
            _running = RunAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        try
        {
            while (Next() is { } wanted)
                await RunAsync(wanted);
        }
        catch (OperationCanceledException)
        {
            // The client disconnected.
        }
    }

    private List<(string Name, SinceChannel Channel)>? Next()
    {
        lock (_gate)
        {
            _isRunning = _wanted.Count > 0 && !_ending.IsCancellationRequested;
            return _isRunning ? Interlocked.Exchange(ref _wanted, []) : null;
        }
    }

    private async Task RunAsync(List<(string Name, SinceChannel Channel)> wanted)
    {
        var names = string.Join(", ", wanted.Take(MaxNames).Select(channel => channel.Name))
            + (wanted.Count > MaxNames ? $" and {wanted.Count - MaxNames} more" : "");
        var since = wanted.Min(channel => channel.Channel.SinceMs);
        await SendAsync("catchup_started", $"catching up since {since}: {names}");
        try
        {
            var result = await parts.CatchUp.RunAsync(session, [.. wanted.Select(channel => channel.Channel)], _ending.Token);
            var begin = result.HistoryStartMs is { } historyStartMs
                ? $"; the {(result.IsFromLake ? "lake" : "archive")} begins at {historyStartMs}, later than {since}" : "";
            await SendAsync("catchup_ended", $"{result.Events} past events were sent, live events follow{begin}: {names}");
        }
        catch (EventStreamException exception)
        {
            Log.NotCaughtUp(parts.Logger, session.Id, session.Caller, exception.Message);
            await SendAsync("error", $"not caught up and not subscribed, subscribe again: {names} ({exception.Message})");
        }
    }

    private ValueTask SendAsync(string status, string message) => session.SendAsync([new StatusMessage(status, message)], _ending.Token);
}
