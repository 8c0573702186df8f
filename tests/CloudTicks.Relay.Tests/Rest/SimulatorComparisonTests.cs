using System.Globalization;
using System.Text.Json;
using CloudTicks.Polygon.Rest;
using CloudTicks.Simulator.Tests;
using CloudTicks.Simulator.Tests.Rest;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Relay.Tests.Rest;

/// <summary>Compares the responses of the simulator with those of a relay that has the simulator's ticks.</summary>
[Collection(nameof(HistoryCollection))]
public class SimulatorComparisonTests(HistoryFixture history)
{
    /// <summary>Fields that are in the archive but not in the table.</summary>
    private static readonly string[] ArchiveOnlyFields = ["participant_timestamp", "tape", "indicators", "trf_id", "trf_timestamp"];

    [Theory]
    [InlineData("stocks", "T.WMT", "WMT", "WMT", TickKind.Trade)]
    [InlineData("stocks", "Q.DIS", "DIS", "DIS", TickKind.Quote)]
    [InlineData("options", "Q.O:SPY251219C00660000", "O:SPY251219C00660000", "O:SPY251219C00660000", TickKind.Quote)]
    [InlineData("forex", "C.EUR/CAD", "C:EUR-CAD", "EURCAD", TickKind.Quote)]
    [InlineData("crypto", "XT.DOGE-USD", "X:DOGE-USD", "DOGE-USD", TickKind.Trade)]
    public async Task Rows_of_both_servers_are_equal_field_by_field(string path, string channel, string ticker, string name, TickKind kind)
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=300");
        long fromMs;
        await using (var client = await (await simulator.ConnectAsync(path)).AuthenticateAsync())
        {
            await client.SubscribeAsync(channel);
            fromMs = (await client.ReadTicksAsync(HistoryFixture.SymbolOf(name).Market, 200))[0].TimestampMs;
            await client.ReadWhileAsync(simulator.StopAsync());
        }

        var (firstMs, lastMs) = await CopyAsync(simulator.Address, HistoryFixture.SymbolOf(name), kind, fromMs);
        var middleMs = firstMs + ((lastMs - firstMs) / 2);
        var time = new TestTime(DateTimeOffset.FromUnixTimeMilliseconds(middleMs).AddHours(1));
        await using var relay = await HistoryRelay.StartAsync(history, time, "Timescale:RetentionWindow=01:00:00");
        var route = $"/v3/{(kind == TickKind.Trade ? "trades" : "quotes")}/{ticker}";

        foreach (var query in (string[])
            ["order=asc&limit=60", "order=desc&limit=50", $"order=asc&timestamp.gte={middleMs}000000&limit=1000",
                $"order=desc&timestamp.lt={middleMs}000000", $"timestamp.gte={middleMs + 1}000000&limit=50", "limit=40&order=asc"])
        {
            var fullPath = $"{route}?{query}{(query.Contains("gt", StringComparison.Ordinal) ? "" : $"&timestamp.gte={firstMs}000000")}";
            var expected = await simulator.PagesAsync(fullPath);
            var rows = await relay.PagesAsync(fullPath);

            rows.Count.ShouldBe(expected.Count, fullPath);
            for (var index = 0; index < rows.Count; index++)
            {
                ShouldBeSame(rows[index], expected[index], middleMs);
            }
        }
    }

    private static void ShouldBeSame(JsonElement row, JsonElement expected, long tableMs)
    {
        var fields = row.EnumerateObject().ToDictionary(field => field.Name, field => Text(field.Name, field.Value));
        var ms = fields.TryGetValue("sip_timestamp", out var sip) ? sip : fields["participant_timestamp"];
        var isInTable = long.Parse(ms, CultureInfo.InvariantCulture) >= tableMs;
        foreach (var field in expected.EnumerateObject().Where(field => !isInTable || !ArchiveOnlyFields.Contains(field.Name)
            || fields.ContainsKey(field.Name)))
        {
            fields.ShouldContainKey(field.Name, $"{row} {expected}");
            fields[field.Name].ShouldBe(Text(field.Name, field.Value), field.Name);
        }

        fields.Keys.ShouldBeSubsetOf(expected.EnumerateObject().Select(field => field.Name));
    }

    /// <summary>
    /// Returns a value as text. Times in ns are truncated to ms, because the relay derives them from the whole ms of the events.
    /// </summary>
    private static string Text(string name, JsonElement value) =>
        name.EndsWith("timestamp", StringComparison.Ordinal)
            ? (value.GetInt64() / 1_000_000).ToString(CultureInfo.InvariantCulture)
            : value.GetRawText();

    /// <summary>Fetches the simulator's ticks, and writes them as a collector and StoreTicks do.</summary>
    private async Task<(long FirstMs, long LastMs)> CopyAsync(Uri simulator, Symbol symbol, TickKind kind, long fromMs)
    {
        await using var services = BackfillClientTests.Services(simulator);
        var toMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 60_000;
        var (firstMs, lastMs) = (0L, 0L);
        await foreach (var page in services.GetRequiredService<PolygonRestClient>().ReadTicksAsync(
            symbol, kind, fromMs, toMs, TestContext.Current.CancellationToken))
        {
            await history.WriteAsync(symbol, builder => Copy(page, builder), toMs);
            (firstMs, lastMs) = (firstMs == 0 ? page.FirstMs!.Value : firstMs, page.LastMs!.Value);
        }

        return (firstMs, lastMs);
    }

    private static void Copy(TickPage page, TickBatchBuilder builder)
    {
        Tick tick = default;
        while (page.Read(ref tick))
        {
            // All ticks of a page have the same receive time; make the times distinct to keep the order.
            tick.ReceivedMs += page.Count;
            builder.Add(tick);
        }
    }
}
