using System.Net;
using System.Net.Sockets;
using CloudTicks.EventHub.Settings;

namespace CloudTicks.EventHub.Connections;

internal sealed class KafkaListener(EventHubOptions options) : IDisposable
{
    private const int Backlog = 512;
    private Socket? _socket;

    /// <returns>The address it listens on, its port included.</returns>
    /// <exception cref="HubStartException">The port is taken.</exception>
    public IPEndPoint Bind()
    {
        var address = IPAddress.Parse(options.Listen);
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
            {
                _socket.DualMode = true; // "::" is every address, those of IPv4 as well
            }

            _socket.Bind(new IPEndPoint(address, options.Port));
            _socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            throw new HubStartException(
                $"{address}:{options.Port} cannot be listened on: {e.Message}. Choose another port with --port, or 0 for a free one.", e);
        }

        return (IPEndPoint)_socket.LocalEndPoint!;
    }

    public bool HasWaiting => _socket!.Poll(0, SelectMode.SelectRead);

    public ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken) => _socket!.AcceptAsync(cancellationToken);

    public void Dispose() => _socket?.Dispose();
}
