using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using CloudTicks.Simulator.Tests;
using CloudTicks.Ticks;

namespace AppHost.Tests.Relaying;

/// <summary>
/// A client that reconnects whenever it has lost its connection, requests the ticks since the last one that it received, and drops
/// repeats. Unless <see cref="IsSteady"/> is set, the client sometimes closes its connection.
/// </summary>
internal sealed class RelayClient(Uri relay, Market market, string[] channels, SinceForm form, long startMs, int seed)
{
    private const int MaxSessionTicks = 10_000;

    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(200);

    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ChannelTicks> _ticks = [];
    private readonly HashSet<(string Channel, long TimestampMs, ulong Identity)> _sessionTicks = [];
    private readonly List<string> _repeats = [];

    public Market Market => market;

    /// <summary>The subscribed channels, such as <c>T.AAPL</c>, <c>C.EUR/USD</c> or <c>C.*</c>.</summary>
    public string[] Channels => channels;

    /// <summary>Whether the client never closes its connection itself.</summary>
    public bool IsSteady { get; set; }

    /// <summary>The number of sessions that the relay has authenticated.</summary>
    public int Sessions { get; private set; }

    /// <summary>
    /// The number of received ticks that the client already had: after a reconnect, the relay repeats the ticks of the last timestamp.
    /// </summary>
    public long Dropped { get; private set; }

    /// <summary>The ticks that arrived twice in one session.</summary>
    public IReadOnlyList<string> Repeats
    {
        get
        {
            lock (_gate)
                return [.. _repeats];
        }
    }

    public int Count => Sum(ticks => ticks.Count);

    /// <summary>The number of a symbol's ticks that the client has, and the sum of their identities.</summary>
    public (int Count, ulong Sum) Of(string symbol)
    {
        lock (_gate)
        {
            var own = _ticks.Where(one => one.Key.EndsWith($".{symbol}", StringComparison.Ordinal)).ToList();
            return (own.Sum(one => one.Value.Count), own.Aggregate(0UL, (sum, one) => unchecked(sum + one.Value.Sum)));
        }
    }

    /// <summary>Connects and reads until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    await RunSessionAsync(cancellationToken);
                }
                catch (WebSocketException)
                {
                    // The relay has exited, or does not listen yet.
                }

                await Task.Delay(ReconnectPause, TimeProvider.System, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client was cancelled.
        }
    }

    public override string ToString() => $"{market} {string.Join(',', channels)} ({form}, {Sessions} sessions)";

    private async Task RunSessionAsync(CancellationToken cancellationToken)
    {
        var query = form == SinceForm.Address ? $"since={LastMs().ToString(CultureInfo.InvariantCulture)}" : "";
        using var socket = await PlainSocket.ConnectAsync(relay, market, query, cancellationToken);
        lock (_gate)
            _sessionTicks.Clear();
        var maxTicks = _random.Next(1, MaxSessionTicks);
        while ((IsSteady || _sessionTicks.Count < maxTicks) && await socket.ReadAsync(cancellationToken) is { } frame)
        {
            using var events = JsonDocument.Parse(frame);
            foreach (var one in events.RootElement.EnumerateArray())
            {
                if (one.GetProperty("ev").GetString() != "status")
                    Take(one);
                else if (!await HandleStatusAsync(socket, one.GetProperty("status").GetString(), cancellationToken))
                    return;
            }
        }
    }

    /// <returns>False if the client must reconnect, because the relay refused it or reported an error.</returns>
    private async Task<bool> HandleStatusAsync(PlainSocket socket, string? status, CancellationToken cancellationToken)
    {
        if (status == "connected")
            await socket.SendAsync(new { action = "auth", @params = "any" }, cancellationToken);
        if (status != "auth_success")
            return status is not ("error" or "auth_failed" or "max_connections");
        Sessions++;
        var all = string.Join(',', channels);
        if (form == SinceForm.Address)
            await socket.SendAsync(new { action = "subscribe", @params = all }, cancellationToken);
        else if (form == SinceForm.Message)
            await socket.SendAsync(new { action = "subscribe", @params = all, since = LastMs() }, cancellationToken);
        else
        {
            foreach (var channel in channels)
                await socket.SendAsync(new { action = "subscribe", @params = channel, since = LastMs(channel) }, cancellationToken);
        }

        return true;
    }

    private void Take(JsonElement element)
    {
        var tick = ReceivedTick.Of(market, element);
        var channel = $"{tick.Kind}.{tick.Symbol}";
        lock (_gate)
        {
            if (!_sessionTicks.Add((channel, tick.TimestampMs, tick.Identity)))
                _repeats.Add($"twice in session {Sessions}: {tick.Text}");
            if (!_ticks.TryGetValue(channel, out var ticks))
                _ticks.Add(channel, ticks = new ChannelTicks());
            if (!ticks.Add(tick))
                Dropped++;
        }
    }

    /// <summary>The time of the last tick of a channel, or of all channels; the start time before the first tick.</summary>
    private long LastMs(string? channel = null)
    {
        lock (_gate)
        {
            return _ticks.Where(one => channel is null || one.Key == channel.Replace("/", "", StringComparison.Ordinal))
                .Max(one => one.Value.LastMs) ?? startMs;
        }
    }

    private int Sum(Func<ChannelTicks, int> of)
    {
        lock (_gate)
            return _ticks.Values.Sum(of);
    }
}
