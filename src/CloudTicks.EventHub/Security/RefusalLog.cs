using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Security;

/// <summary>Logs why connections were closed, at a limited rate.</summary>
internal sealed class RefusalLog(TimeProvider time, ILogger logger)
{
    private const int MaxLines = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly LineLimit _refusals = new(time);
    private readonly LineLimit _slowLines = new(time);
    private readonly OutageLog _limitOutage = new(time);
    private readonly Dictionary<string, SlowAddress> _slowAddresses = [];
    private long _refusedAtLimit;

    /// <summary>Logs that a connection was closed because the client violated the protocol or reached a limit.</summary>
    public void Refused(string client, string reason)
    {
        if (TryLog(_refusals))
        {
            logger.ConnectionRefused(client, reason);
        }
    }

    /// <summary>
    /// Logs that the connection limit is reached: at most one line per minute, with the number of refused connections since the last line.
    /// </summary>
    public void ConnectionLimitReached(int connections)
    {
        Interlocked.Increment(ref _refusedAtLimit);
        if (_limitOutage.Failed(out _) != OutageNotice.None)
        {
            logger.ConnectionLimitReached(connections, Interlocked.Exchange(ref _refusedAtLimit, 0));
        }
    }

    /// <summary>Logs that a client sent or read too slowly: at most one line per minute for each address.</summary>
    public void TooSlow(string address, string client, string reason)
    {
        SlowAddress slow;
        lock (_slowAddresses)
        {
            if (!_slowAddresses.TryGetValue(address, out slow!))
            {
                if (_slowAddresses.Count >= MaxLines)
                {
                    _slowAddresses.Clear(); // so many addresses indicate an attack; the total number of lines is limited as well
                }

                _slowAddresses[address] = slow = new SlowAddress(new OutageLog(time));
            }
        }

        Interlocked.Increment(ref slow.ClosedConnections);
        if (slow.Log.Failed(out _) != OutageNotice.None && TryLog(_slowLines))
        {
            logger.TooSlow(Interlocked.Exchange(ref slow.ClosedConnections, 0), address, client, reason);
        }
    }

    /// <summary>Logs that a client failed to authenticate.</summary>
    public void LoginFailed(string client, string reason)
    {
        if (TryLog(_refusals))
        {
            logger.LoginFailed(client, reason);
        }
    }

    private bool TryLog(LineLimit lines)
    {
        var allowed = lines.TryTake(out var dropped);
        if (dropped > 0)
        {
            logger.RefusalsNotLogged(dropped);
        }

        return allowed;
    }

    /// <summary>Limits the lines per minute.</summary>
    private sealed class LineLimit(TimeProvider time)
    {
        private readonly Lock _gate = new();
        private long _startedAt = time.GetTimestamp();
        private int _lines;
        private long _dropped;

        /// <summary>True when another line may be logged.</summary>
        /// <param name="dropped">The number of lines that were dropped in the previous minute.</param>
        public bool TryTake(out long dropped)
        {
            lock (_gate)
            {
                dropped = 0;
                if (time.GetElapsedTime(_startedAt) >= Interval)
                {
                    (dropped, _dropped, _lines, _startedAt) = (_dropped, 0, 0, time.GetTimestamp());
                }

                var allowed = ++_lines <= MaxLines;
                _dropped += allowed ? 0 : 1;
                return allowed;
            }
        }
    }

    private sealed class SlowAddress(OutageLog log)
    {
        public long ClosedConnections;

        public OutageLog Log => log;
    }
}
