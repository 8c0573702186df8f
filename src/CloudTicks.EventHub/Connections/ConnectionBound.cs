using System.Net.Sockets;

namespace CloudTicks.EventHub.Connections;

/// <summary>
/// How many connections there may be: what the settings say, and no more than leaves files to the log and the segments. What else is open
/// is counted again every second, because partitions and log files open some too.
/// </summary>
internal sealed class ConnectionBound(int wanted, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(1);
    private readonly int? _limit = OpenFiles.Limit();
    private Socket? _spare = NewSpare();
    private long _countedAt;
    private int? _bound;

    /// <summary>The bound now.</summary>
    /// <param name="connections">Connections that are open.</param>
    public int Current(int connections)
    {
        if (_bound is null || time.GetElapsedTime(_countedAt) >= CountEvery)
        {
            _countedAt = time.GetTimestamp();
            _bound = OpenFiles.Count() is { } open ? OpenFiles.BoundConnections(wanted, _limit, open - Math.Min(connections, open))
                : wanted;
        }

        return _bound.Value;
    }

    /// <summary>
    /// No file is left for a connection that waits to be accepted, and it would never be accepted: the spare one is given up for a moment,
    /// in which it is accepted and closed.
    /// </summary>
    public async Task RefuseOneAsync(KafkaListener listener, CancellationToken cancellationToken)
    {
        _spare?.Dispose();
        try
        {
            if (listener.HasWaiting)
            {
                (await listener.AcceptAsync(cancellationToken)).Dispose();
            }
        }
        finally
        {
            _spare = NewSpare();
        }
    }

    public void Dispose() => _spare?.Dispose();

    private static Socket? NewSpare()
    {
        try
        {
            return new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        }
        catch (SocketException)
        {
            return null; // the next refusal tries again
        }
    }
}
