using System.Net.Sockets;

namespace CloudTicks.Benchmarks.Abuse.Abuses;

/// <summary>Clients that connect and do not log in.</summary>
internal static class WaitingLogins
{
    private const int Clients = 256;

    public static Task RunAsync(AbuseTarget target, CancellationToken cancellationToken) => ReconnectingClients.RunAsync(
        Clients, async (_, cancel) =>
        {
            using var client = new HubClient(target.Address);
            if (await client.Socket.ReceiveAsync(new byte[1], cancel) == 0)
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }
        }, cancellationToken);
}
