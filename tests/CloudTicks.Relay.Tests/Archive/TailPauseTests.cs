using System.Net.NetworkInformation;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Archive;

/// <summary>Without subscribers the archive is not read, and a later subscriber misses no tick.</summary>
public sealed class TailPauseTests : ArchiveHubTests
{
    private const string Paused = "No client is subscribed";

    private static readonly Symbol Euro = TestTick.SymbolOf("EURUSD");
    private static readonly Symbol[] Symbols =
        [Euro, .. new[] { "GBPUSD", "USDJPY", "AUDUSD", "EURGBP", "XAUUSD" }.Select(TestTick.SymbolOf)];

    [Fact]
    public async Task Relay_without_subscribers_holds_no_hub_connection()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation, TimeSpan.Zero);
        await UntilConnectionsAsync(count => count == 0);
        archive.Tail.GetStatus().Paused.ShouldBeTrue();

        var client = await archive.SubscribeAsync(Euro);
        await WriteAsync(1);
        await client.UntilLastAsync("EUR/USD", 1, Cancellation);
        await UntilConnectionsAsync(count => count > 0);
        archive.Tail.GetStatus().Paused.ShouldBeFalse();
        archive.Channels.Remove(client);
        await archive.Log.UntilLineAsync(Paused, Cancellation, 2);
        await UntilConnectionsAsync(count => count == 0);
        await WriteAsync(2);

        var other = await archive.SubscribeAsync(Euro);
        await WriteAsync(3);
        await other.UntilLastAsync("EUR/USD", 3, Cancellation);
        other.NumbersOf("EUR/USD").ShouldBe([3]);
        client.NumbersOf("EUR/USD").ShouldBe([1]);
    }

    [Fact]
    public async Task Subscription_within_the_grace_time_prevents_the_pause()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation, TimeSpan.FromHours(1));
        var client = await archive.SubscribeAsync(Euro);
        archive.Channels.Remove(client);

        await WriteAsync(1);
        await archive.SubscribeAsync(Symbols[1]);
        var other = await archive.SubscribeAsync(Euro);
        await WriteAsync(2);

        await other.UntilLastAsync("EUR/USD", 2, Cancellation);
        archive.Log.Lines.Count(line => line.Contains("Following the archive", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task No_tick_is_lost_or_repeated_as_clients_connect_and_leave()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation, TimeSpan.Zero);
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        var producer = new ContinuousTickWriter(writer, Symbols);
        var random = new Random(11);
        try
        {
            for (var round = 0; round < LongSuite.Choose(20, 500); round++)
            {
                var symbol = Symbols[random.Next(Symbols.Length)];
                await (round % 3 == 0 ? CatchUpAsync(archive, producer, symbol, random) : FollowAsync(archive, producer, symbol, random));
            }
        }
        finally
        {
            await producer.StopAsync();
        }

        PausesOf(archive).ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task Archive_replaced_during_a_pause_is_read_from_its_end()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation, TimeSpan.Zero);
        var firstClient = await archive.SubscribeAsync(Euro);
        await WriteAsync(1);
        await firstClient.UntilLastAsync("EUR/USD", 1, Cancellation);
        archive.Channels.Remove(firstClient);
        await archive.Log.UntilLineAsync(Paused, Cancellation, 2);

        await Hub.KillAsync();
        Directory.Delete(Hub.DataFolder, recursive: true);
        await Hub.RestartAsync(Cancellation);
        await ArchiveWriter.CreateTopicsAsync(Hub.BootstrapServers, 2 * Partitions, Cancellation);
        await WriteAsync(2, 2 * Partitions);
        var client = await archive.SubscribeAsync(Euro);
        await WriteAsync(3, 2 * Partitions);

        await client.UntilLastAsync("EUR/USD", 3, Cancellation);
        client.NumbersOf("EUR/USD").ShouldBe([3]);
        client.Warnings.ShouldBeEmpty();
        archive.Tail.GetStatus().Partitions.Count.ShouldBe(2 * Partitions);
    }

    private async Task WriteAsync(int number, int partitions = Partitions)
    {
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, partitions);
        await writer.WriteAsync([new TestTick(Euro, number, StartMs)], Cancellation);
    }

    private static async Task FollowAsync(RunningArchive archive, ContinuousTickWriter producer, Symbol symbol, Random random)
    {
        var client = await archive.SubscribeAsync(symbol);
        var first = producer.NextOf(symbol);
        var numbers = await LeaveAsync(archive, producer, client, symbol, random);
        numbers.ShouldBe(Enumerable.Range(numbers[0], numbers.Count));
        numbers[0].ShouldBeLessThanOrEqualTo(first);
    }

    private async Task CatchUpAsync(RunningArchive archive, ContinuousTickWriter producer, Symbol symbol, Random random)
    {
        // With a later time, the client would receive older ticks live, which the expected ticks do not include.
        var newestMs = await producer.NewestMsAsync(symbol, Cancellation);
        var sinceMs = StartMs + random.Next((int)(newestMs - StartMs + 1));
        var client = new TestClient();
        await archive.CatchUpAsync(client, sinceMs, Cancellation, symbol);
        var numbers = await LeaveAsync(archive, producer, client, symbol, random);
        var first = producer.Written.First(tick => tick.Symbol.Equals(symbol) && tick.TimestampMs >= sinceMs).Number;
        numbers.ShouldBe(Enumerable.Range(first, numbers.Count));
    }

    /// <summary>Waits until the client has a tick written after this call, removes the client, and often waits for a pause.</summary>
    private static async Task<IReadOnlyList<int>> LeaveAsync(
        RunningArchive archive, ContinuousTickWriter producer, TestClient client, Symbol symbol, Random random)
    {
        await producer.UntilAsync(random.Next(1, 200), Cancellation);
        var last = producer.NextOf(symbol);
        await client.UntilAsync(() => client.NumbersOf(TestTick.PairOf(symbol)) is [.., var number] && number >= last, Cancellation);
        var pauses = PausesOf(archive);
        archive.Channels.Remove(client);
        if (random.Next(3) > 0)
        {
            await archive.Log.UntilLineAsync(Paused, Cancellation, pauses + 1);
        }

        return client.NumbersOf(TestTick.PairOf(symbol));
    }

    private static int PausesOf(RunningArchive archive) =>
        archive.Log.Lines.Count(line => line.Contains(Paused, StringComparison.Ordinal));

    /// <summary>
    /// Waits until the number of connections to the event hub meets a condition. All connections of the machine are searched, because the
    /// event hub is a child process of this test.
    /// </summary>
    private async Task UntilConnectionsAsync(Predicate<int> matches)
    {
        while (!matches(IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
            .Count(one => one.LocalEndPoint.Port == Hub.Port && one.State == TcpState.Established)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }
}
