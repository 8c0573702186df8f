using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Machine;
using CloudTicks.Benchmarks.Relaying.Clients;

namespace CloudTicks.Benchmarks.Relaying.Runs;

/// <summary>Measures the relay's memory per client that has authenticated and subscribed but receives nothing.</summary>
internal static class IdleRun
{
    private const int WarmUpClients = 50;
    private const int KibiByte = 1024;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    public static async IAsyncEnumerable<RelayingRow> RunAsync(
        RelayingPlan plan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var system = await RelayedSystem.StartAsync(cancellationToken);
        var clients = new List<CountingClient>();
        try
        {
            await ConnectAsync(system, clients, WarmUpClients, cancellationToken);
            await DisconnectAsync(clients);
            await Task.Delay(Settle, TimeProvider.System, cancellationToken);
            var before = ProcessReading.ResidentBytesOf("relay", system.RelayPid);
            await ConnectAsync(system, clients, plan.Idle, cancellationToken);
            await Task.Delay(Settle, TimeProvider.System, cancellationToken);
            var after = ProcessReading.ResidentBytesOf("relay", system.RelayPid);
            yield return new RelayingRow(
                FormattableString.Invariant($"{plan.Idle:N0} idle clients"),
                FormattableString.Invariant($"{(after - before) / (double)plan.Idle / KibiByte:0.0} KiB per client"),
                FormattableString.Invariant($"relay without them {before / 1e6:0} MB, with them {after / 1e6:0} MB"), "64 KiB");
        }
        finally
        {
            await DisconnectAsync(clients);
        }
    }

    private static async Task ConnectAsync(
        RelayedSystem system, List<CountingClient> clients, int count, CancellationToken cancellationToken)
    {
        for (var index = 0; index < count; index++)
        {
            var client = await CountingClient.ConnectAsync(system.Relay, "stocks", cancellationToken);
            clients.Add(client);
            await client.SubscribeAsync(["T.AAPL"], cancellationToken);
        }
    }

    private static async Task DisconnectAsync(List<CountingClient> clients)
    {
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        clients.Clear();
    }
}
