using System.Globalization;
using System.Text.Json;
using CloudTicks.Relay.Archive;

namespace CloudTicks.Relay.Tests.Archive;

/// <summary>A subscriber without a WebSocket, which stores the received events in order.</summary>
internal sealed class TestClient : IEventSubscriber
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(int Number, long TimestampMs)>> _bySymbol = [];
    private readonly List<string> _warnings = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Awaited before each piece of history is received; null to receive immediately.</summary>
    public Func<Task>? BeforeHistoryPiece { get; init; }

    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_gate)
            {
                return [.. _warnings];
            }
        }
    }

    public void Receive(ReadOnlySpan<byte> events, int count) => Add(events, count);

    public async ValueTask ReceiveHistoryAsync(ReadOnlyMemory<byte> events, int count, CancellationToken cancellationToken)
    {
        await (BeforeHistoryPiece?.Invoke() ?? Task.CompletedTask);
        cancellationToken.ThrowIfCancellationRequested();
        Add(events.Span, count);
    }

    public void Warn(string message)
    {
        lock (_gate)
        {
            _warnings.Add(message);
            Signal();
        }
    }

    /// <summary>The received ticks of a pair such as <c>EUR/USD</c>.</summary>
    public IReadOnlyList<(int Number, long TimestampMs)> Of(string pair)
    {
        lock (_gate)
        {
            return [.. _bySymbol.GetValueOrDefault(pair, [])];
        }
    }

    public IReadOnlyList<int> NumbersOf(string pair) => [.. Of(pair).Select(tick => tick.Number)];

    /// <summary>Waits until a condition is met; fails after a timeout.</summary>
    public async Task UntilAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(MaxWait);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (holds())
            {
                return;
            }

            await changed.WaitAsync(timeout.Token);
        }
    }

    public Task UntilLastAsync(string pair, int number, CancellationToken cancellationToken) =>
        UntilAsync(() => Of(pair) is [.., var last] && last.Number == number, cancellationToken);

    private void Add(ReadOnlySpan<byte> events, int count)
    {
        using var json = JsonDocument.Parse($"[{System.Text.Encoding.UTF8.GetString(events)}]");
        json.RootElement.GetArrayLength().ShouldBe(count);
        lock (_gate)
        {
            foreach (var one in json.RootElement.EnumerateArray())
            {
                var pair = one.GetProperty("p").GetString()!;
                if (!_bySymbol.TryGetValue(pair, out var ticks))
                {
                    _bySymbol.Add(pair, ticks = []);
                }

                ticks.Add((int.Parse(one.GetProperty("b").GetRawText(), CultureInfo.InvariantCulture), one.GetProperty("t").GetInt64()));
            }

            Signal();
        }
    }

    private void Signal()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
