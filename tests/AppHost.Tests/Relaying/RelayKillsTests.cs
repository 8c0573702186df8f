using System.Globalization;
using System.Text.Json;
using AppHost.Tests.Kills;

namespace AppHost.Tests.Relaying;

/// <summary>
/// Kills relay, event hub, functions and database with SIGKILL while twenty clients of the relay read and sometimes disconnect. Afterwards
/// each client must have every generated tick of its symbols. Runs for 15 seconds, or for <c>CLOUDTICKS_KILL_ROUNDS</c> rounds, which also
/// kill the collector. <c>CLOUDTICKS_KILL_SEED</c> repeats the choice of processes and symbols, and roughly the times of the kills.
/// </summary>
[Collection("AppHost")]
public sealed class RelayKillsTests
{
    // By default the collector is not killed: after a kill during a backfill it archives the same ticks again, possibly so late that a
    // client receives them twice in one session.
    private static readonly bool KillsCollector = KillSettings.Rounds is not null;

    private static readonly string[] Parts =
        ["relay", "eventhubs", "functions", "postgres", .. KillsCollector ? ["collector"] : (string[])[]];
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reconnecting_clients_have_every_tick_once_through_kills()
    {
        var startMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await using var appHost = await AppHostProcess.StartAsync(
            "--rate", "1000", "--symbols", string.Join(',', RelayClients.Pairs.Concat(RelayClients.Stocks)));
        await appHost.WaitForLineAsync(line => line.Contains("everything is running", StringComparison.Ordinal), Cancellation);
        var seed = KillSettings.Seed;
        await using var clients = new RelayClients(await appHost.AddressAsync("relay", Cancellation), startMs, seed);
        // Wait for a tick of each symbol: without one in the archive, no record shows when the collection of the symbol began.
        await UntilAsync(clients, client => RelayClients.SymbolsOf(client).All(symbol => client.Of(symbol).Count > 0));
        var kills = await KillAsync(appHost, seed);
        foreach (var client in clients.All)
            client.IsSteady = true;
        var made = await StopFeedAsync(appHost);

        var isComplete = await UntilAsync(clients, client => DescribeFault(client, made) is null);

        await clients.StopAsync();
        Report(clients, kills);
        isComplete.ShouldBeTrue(
            $"seed {seed}: {string.Join('\n', clients.All.Select(client => DescribeFault(client, made)).OfType<string>())}\n{appHost}");
        (KillsCollector ? [] : clients.All.SelectMany(client => client.Repeats)).ShouldBeEmpty($"seed {seed}");
        clients.All.ShouldAllBe(client => client.Sessions > 1);
    }

    private static async Task<RandomKills> KillAsync(AppHostProcess appHost, int seed)
    {
        var kills = new RandomKills(appHost, seed, Parts);
        var beganAt = TimeProvider.System.GetTimestamp();
        for (var round = 1; KillSettings.Rounds is { } max ? round <= max : TimeProvider.System.GetElapsedTime(beganAt) < Duration; round++)
        {
            var killed = await kills.RoundAsync(Cancellation);
            Log($"{TimeProvider.System.GetElapsedTime(beganAt).TotalSeconds,6:0.0} s, round {round}: {string.Join(", ", killed)}");
        }

        foreach (var part in Parts.Except(kills.KilledParts))
            await kills.WaitForNextAsync(part, await kills.KillAsync(part, Cancellation), Cancellation);
        return kills;
    }

    /// <summary>Waits until a condition holds for all clients.</summary>
    /// <returns>False if the clients have received nothing new for too long.</returns>
    private static async Task<bool> UntilAsync(RelayClients clients, Predicate<RelayClient> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var (count, since) = (-1L, TimeProvider.System.GetTimestamp());
        while (!clients.All.All(client => holds(client)))
        {
            var receivedTicks = clients.All.Sum(client => (long)client.Count);
            if (receivedTicks != count)
                (count, since) = (receivedTicks, TimeProvider.System.GetTimestamp());
            if (TimeProvider.System.GetElapsedTime(since) > MaxWait)
                return false;
            await timer.WaitForNextTickAsync(Cancellation);
        }

        return true;
    }

    /// <summary>Describes the symbols of which the client's ticks differ from the generated ticks; null if there are none.</summary>
    private static string? DescribeFault(RelayClient client, Dictionary<string, (int Count, ulong Sum)> made)
    {
        var wrong = RelayClients.SymbolsOf(client).Where(symbol => client.Of(symbol) != made[symbol]).ToList();
        return wrong.Count == 0 ? null
            : $"{client}: {string.Join(", ", wrong.Select(symbol => $"{symbol} {client.Of(symbol).Count} of {made[symbol].Count}"))}";
    }

    private static async Task<Dictionary<string, (int Count, ulong Sum)>> StopFeedAsync(AppHostProcess appHost)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(
            new Uri(await appHost.AddressAsync("simulator", Cancellation), "api/v1/stop"), content: null, Cancellation);
        using var sentReport = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        return sentReport.RootElement.GetProperty("symbols").EnumerateObject().ToDictionary(
            symbol => symbol.Name, symbol => (symbol.Value.GetProperty("made_distinct").GetInt32(), SumOf(symbol.Value)));

        static ulong SumOf(JsonElement symbol) => ulong.Parse(
            symbol.GetProperty("made_distinct_sum").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private static void Report(RelayClients clients, RandomKills kills)
    {
        Log($"seed {KillSettings.Seed}, {kills.Kills} kills");
        foreach (var client in clients.All)
            Log($"{client}: {client.Count} ticks, {client.Dropped} that it had already, {client.Repeats.Count} twice in a session");
    }

    private static void Log(FormattableString text) =>
        TestContext.Current.TestOutputHelper?.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
