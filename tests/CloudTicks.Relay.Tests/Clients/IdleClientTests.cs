using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using CloudTicks.Collection.Tests.Replicas;
using CloudTicks.Relay.Tests.Archive;
using CloudTicks.TestServices;

namespace CloudTicks.Relay.Tests.Clients;

/// <summary>Measures the memory of idle clients in a relay, which runs as a separate process.</summary>
public sealed class IdleClientTests
{
    private const int Clients = 1_000;
    private const int WarmUpClients = 50;
    private const int Partitions = 4;
    private const int MaxConcurrentConnects = 8;
    private const long MaxBytesPerClient = 64 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Thousand_idle_clients_use_less_than_64_KiB_each()
    {
        using var folder = new TemporaryFolder();
        // Subscriptions are acknowledged only when the archive can be read.
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        await ArchiveWriter.CreateTopicsAsync(hub.BootstrapServers, Partitions, Cancellation);
        await using var relay = await ServiceProcess.StartAsync(
            "RelayProgram", ("ConnectionStrings__eventhubs", hub.BootstrapServers), ("CentralHub__Folder", folder.Path),
            ("Relay__RequestsPerSecond", "100000"), ("Relay__AuthTimeout", "00:05:00"),
            // Keeps the garbage collector's unused memory small, so that the measured memory is that of the clients.
            ("DOTNET_gcServer", "0"), ("DOTNET_GCgen0size", "400000"));
        // The first clients make the relay compile and load the shared code.
        (await ConnectAsync(relay, WarmUpClients)).ForEach(client => client.Dispose());
        await relay.UntilAsync("api/v1/status", status => status.GetProperty("clients").GetArrayLength() == 0);
        var before = ResidentBytes(relay);

        var clients = await ConnectAsync(relay, Clients);
        await relay.UntilAsync("api/v1/status", status => status.GetProperty("clients").GetArrayLength() == Clients);

        ((ResidentBytes(relay) - before) / Clients).ShouldBeLessThan(MaxBytesPerClient);
        clients.ForEach(client => client.Dispose());
    }

    private static async Task<List<ClientWebSocket>> ConnectAsync(ServiceProcess relay, int count)
    {
        var clients = Enumerable.Range(0, count).Select(_ => new ClientWebSocket()).ToList();
        await Parallel.ForEachAsync(
            clients, new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentConnects, CancellationToken = Cancellation },
            async (client, _) => await SubscribeAsync(client, relay.Address));
        return clients;
    }

    private static async Task SubscribeAsync(ClientWebSocket client, Uri relay)
    {
        var buffer = new byte[1024];
        await client.ConnectAsync(new UriBuilder(relay) { Scheme = "ws", Path = "stocks" }.Uri, Cancellation);
        await ReadUntilAsync(client, buffer, "connected");
        await client.SendAsync(
            Encoding.UTF8.GetBytes("""{"action":"auth","params":"any"}"""), WebSocketMessageType.Text, true, Cancellation);
        await ReadUntilAsync(client, buffer, "auth_success");
        await client.SendAsync(
            Encoding.UTF8.GetBytes("""{"action":"subscribe","params":"T.AAPL"}"""), WebSocketMessageType.Text, true, Cancellation);
        await ReadUntilAsync(client, buffer, "subscribed to: T.AAPL");
    }

    private static async Task ReadUntilAsync(ClientWebSocket client, byte[] buffer, string text)
    {
        var received = "";
        while (!received.Contains(text, StringComparison.Ordinal))
        {
            var part = await client.ReceiveAsync(buffer.AsMemory(), Cancellation);
            part.MessageType.ShouldBe(WebSocketMessageType.Text, received);
            received += Encoding.UTF8.GetString(buffer, 0, part.Count);
        }
    }

    private static long ResidentBytes(ServiceProcess relay)
    {
        const string label = "VmRSS:";
        var line = File.ReadLines($"/proc/{relay.Pid}/status").Single(line => line.StartsWith(label, StringComparison.Ordinal));
        return long.Parse(line[label.Length..^"kB".Length], CultureInfo.InvariantCulture) << 10;
    }
}
