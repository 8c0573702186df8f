using System.Net;
using System.Net.Sockets;

namespace CloudTicks.Benchmarks.Abuse.Abuses;

/// <summary>
/// Runs clients like those of <see cref="LargeFrames"/> against a peer that discards their bytes. This shows how much the honest clients
/// are slowed down only because they share the machine with the abusive ones.
/// </summary>
internal static class DroppedFrames
{
    private const int Clients = 4;
    private const int FrameBytes = 31 * 1024 * 1024;
    private const int ReadBytes = 256 * 1024;

    public static async Task RunAsync(AbuseTarget target, CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(Clients);
        await using var stop = cancellationToken.Register(listener.Stop);
        var address = (IPEndPoint)listener.LocalEndpoint;
        var dropping = ReconnectingClients.RunThreadsAsync(Clients, (_, cancel) => Drop(listener, cancel), cancellationToken);
        await ReconnectingClients.RunThreadsAsync(
            Clients, (_, cancel) =>
            {
                using var client = new HubClient(address);
                var bytes = new byte[FrameBytes];
                while (!cancel.IsCancellationRequested)
                {
                    client.Send(bytes);
                }
            }, cancellationToken);
        await dropping;
    }

    private static void Drop(TcpListener listener, CancellationToken cancellationToken)
    {
        using var peer = listener.AcceptSocket();
        var bytes = new byte[ReadBytes];
        while (!cancellationToken.IsCancellationRequested && peer.Receive(bytes) > 0)
        {
            // The bytes are discarded.
        }
    }
}
