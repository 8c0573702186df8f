using System.Collections.Concurrent;
using System.Net.Sockets;

namespace CloudTicks.LocalServices.Processes;

/// <summary>
/// Keeps ports that this process was given from others that ask: each lease is a name in Linux's abstract socket namespace, which the kernel frees
/// when the process ends, however it ends. Elsewhere nothing is kept.
/// </summary>
internal static class PortLease
{
    private static readonly ConcurrentDictionary<int, Socket> Taken = new();

    /// <summary>Takes a port for as long as this process lives.</summary>
    /// <param name="port">1 to 65535.</param>
    /// <returns>False when this process or another one has it.</returns>
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

        return Taken.TryAdd(port, socket);
    }
}
