using System.Net;
using System.Net.Sockets;
using CloudTicks.EventHub.Settings;

namespace CloudTicks.EventHub.Connections;

internal sealed class KafkaListener(EventHubOptions options) : IDisposable
{
    private const int Backlog = 512;
    private Socket? _socket;

    /// <returns>The address with the port.</returns>
    /// <exception cref="HubStartException">The address or the port cannot be used; the message says why.</exception>
    public IPEndPoint Bind()
    {
        var address = IPAddress.Parse(options.Listen);
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
            {
                _socket.DualMode = true; // "::" is every address, including IPv4
            }

            _socket.Bind(new IPEndPoint(address, options.Port));
            _socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            throw new HubStartException(
                $"Cannot listen on {address}:{options.Port}: {e.Message}. Choose another port with --port (0 selects a free one), "
                    + "or another address with --listen.", e);
        }

        return (IPEndPoint)_socket.LocalEndPoint!;
    }

    public bool HasPendingConnection => _socket!.Poll(0, SelectMode.SelectRead);

    public ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken) => _socket!.AcceptAsync(cancellationToken);

    public void Dispose() => _socket?.Dispose();
}
