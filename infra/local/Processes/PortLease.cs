using System.Collections.Concurrent;
using System.Net.Sockets;

namespace CloudTicks.LocalServices.Processes;

/// <summary>
/// Reserves ports among the callers on this machine. Each lease is a name in Linux's abstract socket namespace, which the kernel releases
/// when the process ends in any way. On other systems there are no leases.
/// </summary>
internal static class PortLease
{
    private static readonly ConcurrentDictionary<int, Socket> Leases = new();

    /// <summary>Reserves a port for the lifetime of this process.</summary>
    /// <param name="port">1 to 65535.</param>
    /// <returns>False when this process or another one has reserved it.</returns>
    public static bool TryTake(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0cloudticks-port-lease-{port}"));
        }
        catch (SocketException)
        {
            socket.Dispose();
            return false;
        }

        return Leases.TryAdd(port, socket);
    }
}
