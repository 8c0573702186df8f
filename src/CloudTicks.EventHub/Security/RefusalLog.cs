using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Security;

/// <summary>Logs why connections were closed, limited to a readable number of lines a minute.</summary>
internal sealed class RefusalLog(TimeProvider time, ILogger logger)
{
    private const int MostLines = 100;
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly OutageLog _crowding = new(time);
    private long _began = time.GetTimestamp();
    private int _lines;
    private long _unsaid;
    private long _crowded;

    /// <summary>A client broke the protocol, or there was no room for it.</summary>
    public void Refused(string client, string reason)
    {
        if (MaySay())
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

    /// <summary>A client did not prove who it is.</summary>
    public void LoginFailed(string client, string reason)
    {
        if (MaySay())
        {
            logger.LoginFailed(client, reason);
        }
    }

    private bool MaySay()
    {
        var unsaid = 0L;
        bool say;
        lock (_gate)
        {
            if (time.GetElapsedTime(_began) >= Span)
            {
                (unsaid, _unsaid, _lines, _began) = (_unsaid, 0, 0, time.GetTimestamp());
            }

            say = ++_lines <= MostLines;
            _unsaid += say ? 0 : 1;
        }

        if (unsaid > 0)
        {
            logger.RefusalsUnsaid(unsaid);
        }

        return say;
    }
}
