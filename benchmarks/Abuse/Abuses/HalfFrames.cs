using System.Buffers.Binary;
using System.Net.Sockets;

namespace CloudTicks.Benchmarks.Abuse.Abuses;

/// <summary>Clients that declare a request's length and never send the whole request.</summary>
internal static class HalfFrames
{
    private const int ClaimedBytes = 31 * 1024 * 1024;
    private static readonly TimeSpan DripInterval = TimeSpan.FromSeconds(2);

    public static Task ClaimAsync(AbuseTarget target, CancellationToken cancellationToken) => ReconnectingClients.RunAsync(
        12, (_, cancel) => DripAsync(target, ClaimedBytes, [], cancel), cancellationToken);

    /// <summary>Half of the clients declare a large length and send nothing more; the others send half of a small request.</summary>
    public static Task HalfOpenAsync(AbuseTarget target, CancellationToken cancellationToken) => ReconnectingClients.RunAsync(
        500, (number, cancel) => number % 2 == 0
            ? WaitAsync(target, ClaimedBytes, [], cancel)
            : WaitAsync(target, 60_000, new byte[30_000], cancel), cancellationToken);

    private static async Task DripAsync(AbuseTarget target, int claimedBytes, byte[] firstBytes, CancellationToken cancellationToken)
    {
        using var client = Begin(target, claimedBytes, firstBytes);
        using var drip = new PeriodicTimer(DripInterval);
        while (await drip.WaitForNextTickAsync(cancellationToken))
        {
            await client.Socket.SendAsync(new byte[1], cancellationToken);
        }
    }

    private static async Task WaitAsync(AbuseTarget target, int claimedBytes, byte[] firstBytes, CancellationToken cancellationToken)
    {
        using var client = Begin(target, claimedBytes, firstBytes);
        if (await client.Socket.ReceiveAsync(new byte[1], cancellationToken) == 0)
        {
            throw new SocketException((int)SocketError.ConnectionReset);
        }
    }

    private static HubClient Begin(AbuseTarget target, int claimedBytes, byte[] firstBytes)
    {
        var client = target.Connect();
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, claimedBytes);
        client.Send(length);
        client.Send(firstBytes);
        return client;
    }
}
