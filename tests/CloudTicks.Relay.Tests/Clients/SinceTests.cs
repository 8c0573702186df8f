using System.Globalization;
using System.Text.Json;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Relay.Tests.Archive;
using CloudTicks.Simulator.Tests;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Clients;

/// <summary>A client that requests a start time receives the history since then, and continues live.</summary>
public sealed class SinceTests : IAsyncLifetime
{
    private const int Partitions = 4;

    private static readonly Symbol Euro = TestTick.SymbolOf("EURUSD");
    private static readonly Symbol Pound = TestTick.SymbolOf("GBPUSD");

    private readonly long _startMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private EventHubProcess? _hub;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        await ArchiveWriter.CreateTopicsAsync(_hub.BootstrapServers, Partitions, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_hub is not null)
            await _hub.DisposeAsync();
    }

    [Fact]
    public async Task History_is_between_two_statuses_and_live_events_follow()
    {
        await using var relay = await RelayHost.StartAsync($"ConnectionStrings:eventhubs={_hub!.BootstrapServers}");
        await using var writer = new ArchiveWriter(_hub.BootstrapServers, Partitions);
        await writer.WriteAsync(Ticks(1, 200), Cancellation);
        await using var client = await relay.OpenAsync("forex");

        await SubscribeAsync(client, "C.EUR/USD", _startMs + 100);
        (await client.ReadStatusAsync()).ShouldBe("success: subscribed to: C.EUR/USD");
        (await client.ReadStatusAsync()).ShouldBe($"catchup_started: catching up since {_startMs + 100}: C.EUR/USD");
        // The written ticks are the archive's first. If the archive begins later than the requested time, the status reports that too.
        (await client.ReadStatusAsync()).ShouldNotBeNull()
            .ShouldStartWith("catchup_ended: 101 past events were sent, live events follow");
        await writer.WriteAsync(Ticks(201, 100), Cancellation);

        (await NumbersAsync(client, 201)).ShouldBe(Enumerable.Range(100, 201));
    }

    [Fact]
    public async Task Status_names_the_time_at_which_the_lake_begins()
    {
        using var lakeFolder = new TemporaryFolder();
        await using var writer = new ArchiveWriter(_hub!.BootstrapServers, Partitions);
        await writer.WriteAsync(Ticks(1, 50), Cancellation);
        await writer.WriteAsync(Ticks(51, 50), Cancellation);
        await ArchiveLake.WriteAsync(_hub.BootstrapServers, lakeFolder, Cancellation);
        using var admin = new Confluent.Kafka.AdminClientBuilder(EventStreamConnection.Parse(_hub.BootstrapServers).AdminConfig()).Build();
        await admin.DeleteRecordsAsync([new(TopicNames.TickArchive, Euro.PartitionOf(Partitions), 1)]);
        await using var relay = await RelayHost.StartAsync(
            $"ConnectionStrings:eventhubs={_hub.BootstrapServers}", $"Lake:Folder={lakeFolder.Path}");
        await using var client = await relay.OpenAsync("forex");

        var (sinceMs, hourMs) = (_startMs - 7_200_000, (_startMs + 1) / 3_600_000 * 3_600_000);
        await SubscribeAsync(client, "C.EUR/USD", sinceMs);
        (await client.ReadStatusAsync()).ShouldBe("success: subscribed to: C.EUR/USD");
        (await client.ReadStatusAsync()).ShouldBe($"catchup_started: catching up since {sinceMs}: C.EUR/USD");
        (await client.ReadStatusAsync()).ShouldBe(
            $"catchup_ended: 100 past events were sent, live events follow; the lake begins at {hourMs}, later than {sinceMs}: "
                + "C.EUR/USD");
        await writer.WriteAsync(Ticks(101, 20), Cancellation);

        (await NumbersAsync(client, 120)).ShouldBe(Enumerable.Range(1, 120));
    }

    [Fact]
    public async Task Each_symbol_can_have_its_own_start_time()
    {
        await using var relay = await RelayHost.StartAsync($"ConnectionStrings:eventhubs={_hub!.BootstrapServers}");
        await using var writer = new ArchiveWriter(_hub.BootstrapServers, Partitions);
        await writer.WriteAsync(Ticks(1, 100).Concat(Ticks(1, 100, Pound)), Cancellation);
        await using var client = await relay.OpenAsync("forex");

        await SubscribeAsync(client, "C.EUR/USD", _startMs + 91);
        await SubscribeAsync(client, "C.GBP/USD", _startMs + 96);
        var endedCatchUps = 0;
        while (endedCatchUps < 2)
        {
            var status = (await client.ReadStatusAsync()).ShouldNotBeNull();
            if (status.StartsWith("catchup_ended", StringComparison.Ordinal))
                endedCatchUps += status.Contains("C.EUR/USD, C.GBP/USD", StringComparison.Ordinal) ? 2 : 1;
        }

        (await NumbersAsync(client, 15)).Order().ShouldBe(Enumerable.Range(91, 10).Concat(Enumerable.Range(96, 5)).Order());
    }

    [Fact]
    public async Task Time_in_the_url_applies_to_every_subscription()
    {
        await using var relay = await RelayHost.StartAsync($"ConnectionStrings:eventhubs={_hub!.BootstrapServers}");
        await using var writer = new ArchiveWriter(_hub.BootstrapServers, Partitions);
        await writer.WriteAsync(Ticks(1, 50), Cancellation);
        await using var client = await FeedClient.ConnectAsync(new UriBuilder(relay.Address)
        {
            Scheme = "ws",
            Path = "forex",
            Query = $"since={(_startMs + 1).ToString(CultureInfo.InvariantCulture)}",
        }.Uri);
        await client.AuthenticateAsync();

        await client.SubscribeAsync("C.*");

        (await NumbersAsync(client, 50)).ShouldBe(Enumerable.Range(1, 50));
    }

    [Theory]
    [InlineData("\"yesterday\"", "error: since must be a time in milliseconds")]
    [InlineData("-5", "error: since must be a time in milliseconds")]
    [InlineData("{}", "error: since must be a time in milliseconds")]
    [InlineData("1700000000000000000", "error: since is in the future")]
    public async Task Invalid_time_is_refused_and_nothing_is_subscribed(string since, string status)
    {
        await using var relay = await RelayHost.StartAsync($"ConnectionStrings:eventhubs={_hub!.BootstrapServers}");
        await using var client = await relay.OpenAsync("forex");

        await client.SendTextAsync($$"""{"action":"subscribe","params":"C.EUR/USD","since":{{since}}}""");

        (await client.ReadStatusAsync()).ShouldNotBeNull().ShouldStartWith(status);
        (await relay.StatusAsync()).GetProperty("clients")[0].GetProperty("channels").GetInt32().ShouldBe(0);
    }

    private static Task SubscribeAsync(FeedClient client, string channels, long sinceMs) =>
        client.SendTextAsync(JsonSerializer.Serialize(new { action = "subscribe", @params = channels, since = sinceMs }));

    private static async Task<List<int>> NumbersAsync(FeedClient client, int count)
    {
        var numbers = new List<int>(count);
        while (numbers.Count < count)
        {
            var element = (await client.ReadAsync()).ShouldNotBeNull();
            if (element.GetProperty("ev").GetString() == "C")
                numbers.Add(element.GetProperty("b").GetInt32());
        }

        return numbers;
    }

    private IEnumerable<TestTick> Ticks(int first, int count, Symbol? symbol = null) =>
        Enumerable.Range(first, count).Select(number => new TestTick(symbol ?? Euro, number, _startMs + number));
}
