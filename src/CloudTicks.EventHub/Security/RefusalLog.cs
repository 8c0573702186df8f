using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Security;

/// <summary>Logs why connections were closed, limited to a readable number of lines a minute.</summary>
internal sealed class RefusalLog(TimeProvider time, ILogger logger)
{
    private const int MostLines = 100;
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(1);

    private readonly LineBound _refusals = new(time);
    private readonly LineBound _slowLines = new(time);
    private readonly OutageLog _crowding = new(time);
    private readonly Dictionary<string, SlowAddress> _slow = [];
    private long _crowded;

    /// <summary>A client broke the protocol, or there was no room for it.</summary>
    public void Refused(string client, string reason)
    {
        if (MaySay(_refusals))
        {
            logger.ConnectionRefused(client, reason);
        }
    }

    /// <summary>There are as many connections as there may be: a line at once, and then one a minute with the number.</summary>
    public void Crowded(int connections)
    {
        Interlocked.Increment(ref _crowded);
        if (_crowding.Failed(out _) != OutageNotice.None)
        {
            logger.Crowded(connections, Interlocked.Exchange(ref _crowded, 0));
        }
    }

    /// <summary>A client sent or took too little: a line at once, and then one a minute for each address.</summary>
    public void TooSlow(string address, string client, string reason)
    {
        SlowAddress slow;
        lock (_slow)
        {
            if (!_slow.TryGetValue(address, out slow!))
            {
                if (_slow.Count >= MostLines)
                {
                    _slow.Clear(); // so many addresses are an attack: its lines are bounded in all as well
                }

                _slow[address] = slow = new SlowAddress(new OutageLog(time));
            }
        }

        Interlocked.Increment(ref slow.Closed);
        if (slow.Log.Failed(out _) != OutageNotice.None && MaySay(_slowLines))
        {
            logger.TooSlow(Interlocked.Exchange(ref slow.Closed, 0), address, client, reason);
        }
    }

    /// <summary>A client did not prove who it is.</summary>
    public void LoginFailed(string client, string reason)
    {
        if (MaySay(_refusals))
        {
            logger.LoginFailed(client, reason);
        }
    }

    private bool MaySay(LineBound lines)
    {
        var may = lines.Take(out var unsaid);
        if (unsaid > 0)
        {
            logger.RefusalsUnsaid(unsaid);
        }

        return may;
    }

    /// <summary>So many lines a minute.</summary>
    private sealed class LineBound(TimeProvider time)
    {
        private readonly Lock _gate = new();
        private long _began = time.GetTimestamp();
        private int _lines;
        private long _unsaid;

        /// <summary>True for one more line.</summary>
        /// <param name="unsaid">Lines that were left out in the minute before.</param>
        public bool Take(out long unsaid)
        {
            lock (_gate)
            {
                unsaid = 0;
                if (time.GetElapsedTime(_began) >= Span)
                {
                    (unsaid, _unsaid, _lines, _began) = (_unsaid, 0, 0, time.GetTimestamp());
                }

                var may = ++_lines <= MostLines;
                _unsaid += may ? 0 : 1;
                return may;
            }
        }
    }

    private sealed class SlowAddress(OutageLog log)
    {
        public long Closed;

        public OutageLog Log => log;
    }
}
