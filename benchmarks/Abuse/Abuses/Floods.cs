using CloudTicks.Benchmarks.Hub;

namespace CloudTicks.Benchmarks.Abuse.Abuses;

/// <summary>Clients that send the next requests before they read the responses to the previous ones.</summary>
internal static class Floods
{
    private const short Metadata = 3;
    private const short ApiVersions = 18;
    private const int Clients = 4;
    private const int RequestsPerSend = 64;

    public static Task RunAsync(AbuseTarget target, CancellationToken cancellationToken) =>
        ReconnectingClients.RunThreadsAsync(Clients, (_, cancel) => Flood(target, cancel), cancellationToken);

    private static void Flood(AbuseTarget target, CancellationToken cancellationToken)
    {
        using var client = target.Connect();
        var requests = Enumerable.Range(0, RequestsPerSend).SelectMany(static i => i % 2 == 0
            ? new WireRequest(ApiVersions, 0).Finish(0).ToArray()
            : new WireRequest(Metadata, 1).Int32(1).Text(AbuseTarget.LiveTopic).Finish(0).ToArray()).ToArray();
        client.Send(requests);
        while (!cancellationToken.IsCancellationRequested)
        {
            client.Send(requests);
            for (var i = 0; i < RequestsPerSend; i++)
            {
                client.Receive();
            }
        }
    }
}
