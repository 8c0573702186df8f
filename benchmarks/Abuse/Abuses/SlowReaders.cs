namespace CloudTicks.Benchmarks.Abuse.Abuses;

/// <summary>Clients that request much data and do not read it.</summary>
internal static class SlowReaders
{
    private const int Clients = 100;
    private const int Fetches = 20;
    private const int FetchBytes = 50 * 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public static Task RunAsync(AbuseTarget target, CancellationToken cancellationToken) =>
        ReconnectingClients.RunAsync(Clients, (_, cancel) => StallAsync(target, cancel), cancellationToken);

    private static async Task StallAsync(AbuseTarget target, CancellationToken cancellationToken)
    {
        using var client = target.Connect();
        for (var i = 0; i < Fetches; i++)
        {
            client.Send(HonestCalls.FetchRequest(AbuseTarget.FilledTopic, 0, FetchBytes).Finish(0));
        }

        // Sending another request shows whether the event hub has closed the connection.
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            client.Send(HonestCalls.FetchRequest(AbuseTarget.FilledTopic, 0, FetchBytes).Finish(0));
        }
    }
}
