using System.Net.Sockets;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Reserves ports for this AppHost: on Linux with abstract socket names, which the kernel frees when the process exits.</summary>
internal sealed class PortClaims : IDisposable
{
    private readonly Dictionary<int, Socket?> _claims = [];

    /// <returns>False if this or another AppHost has reserved the port.</returns>
    public bool TryClaim(int port)
    {
        if (_claims.ContainsKey(port))
        {
            return false;
        }

        if (!OperatingSystem.IsLinux())
        {
            _claims.Add(port, null);
            return true;
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0cloudticks-port-{port}"));
        }
        catch (SocketException)
        {
            socket.Dispose();
            return false;
        }

        _claims.Add(port, socket);
        return true;
    }

    public void Release(int port)
    {
        if (_claims.Remove(port, out var socket))
        {
            socket?.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var socket in _claims.Values)
        {
            socket?.Dispose();
        }
    }
}
