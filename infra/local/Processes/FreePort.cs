using System.Net;
using System.Net.Sockets;

namespace CloudTicks.LocalServices.Processes;

/// <summary>Chooses TCP ports of the loopback address.</summary>
public static class FreePort
{
    // The ports are below the systems' default ranges for outgoing connections. Otherwise a client that keeps trying to connect to a
    // restarting server could get the server's port as its own source port, connect to itself, and block the server.
    private const int First = 20_000;
    private const int Last = 32_000;
    private const int MaxAttempts = 200;

    /// <summary>
    /// Returns the preferred port when nothing listens on it, else another free port. On Linux that other port is reserved: no other caller
    /// on this machine gets it while this process lives, so a server keeps its port across a restart.
    /// </summary>
    /// <param name="preferred">1 to 65535, or 0 for any free port.</param>
    /// <returns>A port that was free a moment ago; a process that does not use this method may still take it first.</returns>
    /// <exception cref="IOException">No free port was found.</exception>
    public static int Choose(int preferred = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(preferred);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(preferred, IPEndPoint.MaxPort);
        if (preferred != 0 && IsFree(preferred))
        {
            return preferred;
        }

        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var port = Random.Shared.Next(First, Last);
            if (PortLease.TryTake(port) && IsFree(port))
            {
                return port;
            }
        }

        throw new IOException($"No free TCP port was found between {First} and {Last} on the loopback address.");
    }

    /// <summary>Whether a server could listen on this port of the loopback address.</summary>
    /// <param name="port">1 to 65535.</param>
    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
