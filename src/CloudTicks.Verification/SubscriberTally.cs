using CloudTicks.Ticks.Json;

namespace CloudTicks.Verification;

/// <summary>
/// Records the identities and delays of ticks on NATS, up to a maximum number. If more ticks arrive, the report contains a problem, because
/// it cannot prove that every tick was published.
/// </summary>
internal sealed class SubscriberTally(long beginMs, TimeProvider time, int capacity = SubscriberTally.DefaultCapacity)
{
    public const int DefaultCapacity = 100_000_000;

    private readonly Lock _gate = new();
    private readonly HashSet<ulong> _identities = [];
    private readonly LatencyHistogram _latency = new();

    /// <summary>The number of messages received above the maximum.</summary>
    public long Overflowed { get; private set; }

    /// <summary>The number of messages on a tick's subject that are not a tick's JSON.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Adds a message; called on the subscriber's thread.</summary>
    public void Add(ReadOnlySpan<byte> payload)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var isTick = TickMessage.TryRead(payload, out var message);
        lock (_gate)
        {
            if (!isTick)
            {
                Unreadable++;
            }
            else if (message.ReceivedMs >= beginMs)
            {
                AddTick(message, now);
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _identities.Count;
            }
        }
    }

    public bool HasReceived(ulong identity)
    {
        lock (_gate)
        {
            return _identities.Contains(identity);
        }
    }

    public LatencySummary Latency()
    {
        lock (_gate)
        {
            return _latency.Summarise();
        }
    }

    private void AddTick(TickMessage message, long now)
    {
        if (_identities.Count < capacity)
        {
            _identities.Add(message.Identity);
        }
        else
        {
            Overflowed++;
        }

        _latency.Add(now - message.ReceivedMs);
    }
}
