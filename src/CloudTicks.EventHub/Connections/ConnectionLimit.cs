using System.Net.Sockets;

namespace CloudTicks.EventHub.Connections;

/// <summary>The most connections: the setting, less what log and segments need of the open files, counted every second.</summary>
internal sealed class ConnectionLimit(int wanted, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(1);
    private readonly int? _limit = OpenFiles.Limit();
    private Socket? _spare = NewSpare();
    private long _countedAt;
    private int? _bound;

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

    /// <summary>Gives the spare file up for a moment, to accept and close a connection that could never be accepted.</summary>
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
