using System.Net.Sockets;

namespace CloudTicks.EventHub.Connections;

/// <summary>
/// Determines the maximum number of connections: the setting, or fewer when the log and the segments use many of the process's files. The
/// open files are counted every second.
/// </summary>
internal sealed class ConnectionLimit(int configured, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(1);
    private readonly int? _limit = OpenFiles.Limit();
    private Socket? _spare = NewSpare();
    private long _countedAt;
    private int? _bound;

    public int Current(int connections)
    {
        if (_bound is null || time.GetElapsedTime(_countedAt) >= CountInterval)
        {
            _countedAt = time.GetTimestamp();
            _bound = OpenFiles.Count() is { } open ? OpenFiles.MaxConnections(configured, _limit, open - Math.Min(connections, open))
                : configured;
        }

        return _bound.Value;
    }

    /// <summary>Releases the spare descriptor briefly, to accept and close a connection that could otherwise never be accepted.</summary>
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
            return null; // the next refusal retries
        }
    }
}
