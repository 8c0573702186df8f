using System.Net.Sockets;

namespace CloudTicks.EventHub.Connections;

/// <summary>
/// Determines the maximum number of connections: the configured number, or fewer when the log and the segments have many files open. The
/// open files are counted at most once per second.
/// </summary>
internal sealed class ConnectionLimit(int configuredMax, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(1);
    private readonly int? _limit = OpenFiles.Limit();
    private Socket? _spareSocket = OpenSpareSocket();
    private long _countedAt;
    private int? _maxConnections;

    public int Current(int connections)
    {
        if (_maxConnections is null || time.GetElapsedTime(_countedAt) >= CountInterval)
        {
            _countedAt = time.GetTimestamp();
            _maxConnections = OpenFiles.Count() is { } openFiles
                ? OpenFiles.MaxConnections(configuredMax, _limit, openFiles - Math.Min(connections, openFiles))
                : configuredMax;
        }

        return _maxConnections.Value;
    }

    /// <summary>Releases the spare descriptor briefly, to accept and close a connection that could otherwise never be accepted.</summary>
    public async Task RefuseOneAsync(KafkaListener listener, CancellationToken cancellationToken)
    {
        _spareSocket?.Dispose();
        try
        {
            if (listener.HasPendingConnection)
            {
                (await listener.AcceptAsync(cancellationToken)).Dispose();
            }
        }
        finally
        {
            _spareSocket = OpenSpareSocket();
        }
    }

    public void Dispose() => _spareSocket?.Dispose();

    private static Socket? OpenSpareSocket()
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
