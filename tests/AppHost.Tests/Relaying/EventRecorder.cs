using System.Text.Json;
using CloudTicks.Ticks;

namespace AppHost.Tests.Relaying;

/// <summary>A client of one market that records the text of each event, in the order of arrival.</summary>
internal sealed class EventRecorder : IAsyncDisposable
{
    private const string Statuses = "status";

    private readonly PlainSocket _socket;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<string>> _events = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;

    private EventRecorder(PlainSocket socket) => _socket = socket;

    /// <param name="server">The simulator, or the relay.</param>
    /// <param name="market">The market.</param>
    /// <param name="channels">Its channels, separated by commas.</param>
    /// <param name="query">The query of the address.</param>
    public static async Task<EventRecorder> StartAsync(Uri server, Market market, string channels, string query = "")
    {
        var cancellation = TestContext.Current.CancellationToken;
        var recorder = new EventRecorder(await PlainSocket.ConnectAsync(server, market, query, cancellation));
        await recorder._socket.SendAsync(new { action = "auth", @params = "any" }, cancellation);
        await recorder._socket.SendAsync(new { action = "subscribe", @params = channels }, cancellation);
        recorder._reading = recorder.ReadAsync(recorder._ending.Token);
        return recorder;
    }

    /// <summary>The events of a channel such as <c>T.AAPL</c>, or of a symbol in the feed's spelling, such as <c>EUR/USD</c>.</summary>
    public IReadOnlyList<string> Of(string name)
    {
        lock (_gate)
            return [.. _events.GetValueOrDefault(name, [])];
    }

    /// <summary>Waits until a condition holds; fails if the connection ends first.</summary>
    public async Task UntilAsync(Func<EventRecorder, bool> holds)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
                changed = _changed.Task;
            if (holds(this))
                return;
            (await Task.WhenAny(changed, _reading).WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(changed);
        }
    }

    /// <summary>Reads all events that the server has sent: the acknowledgement of a message follows the earlier events.</summary>
    /// <param name="channels">The channels of the client, from which it unsubscribes.</param>
    public async Task ReadToEndAsync(IReadOnlyList<string> channels)
    {
        await _socket.SendAsync(
            new { action = "unsubscribe", @params = string.Join(',', channels) }, TestContext.Current.CancellationToken);
        await UntilAsync(recorder => recorder.Of(Statuses).Any(
            status => status.Contains($"unsubscribed to: {channels[^1]}", StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _ending.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (await _socket.ReadAsync(cancellationToken) is { } message)
        {
            using var events = JsonDocument.Parse(message);
            lock (_gate)
            {
                foreach (var one in events.RootElement.EnumerateArray())
                    Add(one);
                _changed.SetResult();
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void Add(JsonElement one)
    {
        var kind = one.GetProperty("ev").GetString()!;
        if (kind == "status")
        {
            one.GetProperty("status").GetString().ShouldNotBe("error", one.GetRawText());
            AddTo(Statuses, one);
            return;
        }

        var symbol = one.GetProperty(kind switch { "C" => "p", "XT" or "XQ" => "pair", _ => "sym" }).GetString()!;
        foreach (var name in (string[])[symbol, $"{kind}.{symbol}"])
            AddTo(name, one);
    }

    private void AddTo(string name, JsonElement one)
    {
        if (!_events.TryGetValue(name, out var texts))
            _events.Add(name, texts = []);
        texts.Add(one.GetRawText());
    }
}
