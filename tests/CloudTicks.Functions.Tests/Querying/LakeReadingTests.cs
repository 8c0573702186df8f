using System.Globalization;
using System.Net;
using CloudTicks.TestServices;
using Npgsql;

namespace CloudTicks.Functions.Tests.Querying;

/// <summary>Tests that the lake serves the ticks that the table has lost, byte for byte the same.</summary>
public sealed class LakeReadingTests(LakeReadingFixture history) : IClassFixture<LakeReadingFixture>
{
    private const int HourMs = LakeReadingFixture.HourMs;
    private const long FirstMs = LakeReadingFixture.FirstMs;
    private const long BoundaryMs = LakeReadingFixture.BoundaryMs;
    private const long EndMs = LakeReadingFixture.EndMs;

    private static readonly string[] Formats = ["json", "ndjson", "csv"];
    private static readonly string[] Intervals = ["1s", "1m", "5m", "1h"];
    private static readonly int[] IntervalSeconds = [1, 60, 300, 3_600];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<bool> IsMergedValues => [true, false];

    [Theory]
    [MemberData(nameof(IsMergedValues))]
    public async Task Ticks_of_table_and_lake_equal_those_of_the_table(bool isMerged)
    {
        await using var table = await LakeReadingFixture.StartAsync(history.FullTable, null);
        await using var joined = await LakeReadingFixture.StartAsync(history.HalfTable, isMerged ? history.Merged : history.Unmerged);
        var random = new Random(isMerged ? 1 : 2);
        for (var round = 0; round < 60; round++)
        {
            var (from, to) = TimeRange(random);
            var path = $"/api/v1/ticks/{Uri.EscapeDataString(Symbol(random))}?limit={Limit(random)}&format={Pick(random, Formats)}"
                + (random.Next(4) == 0 ? "" : $"&from={from}") + (random.Next(3) == 0 ? "" : $"&to={to}")
                + Pick(random, ["", "", "&kind=trade", "&kind=quote"]) + Pick(random, ["", "", "&crossed=false"]);
            await ShouldBeSameAsync(table, joined, path);
        }
    }

    [Theory]
    [MemberData(nameof(IsMergedValues))]
    public async Task Pages_of_table_and_lake_equal_those_of_the_table(bool isMerged)
    {
        await using var table = await LakeReadingFixture.StartAsync(history.FullTable, null);
        await using var joined = await LakeReadingFixture.StartAsync(history.HalfTable, isMerged ? history.Merged : history.Unmerged);
        var random = new Random(isMerged ? 3 : 4);
        foreach (var symbol in RandomHistory.Symbols)
        {
            var limit = symbol == "BRK.A" ? 3 : random.Next(150, 700);
            var next = $"/api/v1/ticks/{Uri.EscapeDataString(symbol)}?from={FirstMs}&limit={limit}";
            var pages = 0;
            for (; next is not null; pages++)
            {
                next = await ShouldBeSameAsync(table, joined, next);
            }

            pages.ShouldBeGreaterThan(3);
        }
    }

    [Theory]
    [MemberData(nameof(IsMergedValues))]
    public async Task Candles_of_table_and_lake_equal_those_of_the_table(bool isMerged)
    {
        await using var table = await LakeReadingFixture.StartAsync(history.FullTable, null);
        await using var joined = await LakeReadingFixture.StartAsync(history.HalfTable, isMerged ? history.Merged : history.Unmerged);
        var random = new Random(isMerged ? 5 : 6);
        for (var round = 0; round < 40; round++)
        {
            var index = random.Next(Intervals.Length);
            var (from, to) = TimeRange(random);
            to = Math.Min(to, from + (9_000_000L * IntervalSeconds[index]));
            var path = $"/api/v1/candles/{Uri.EscapeDataString(Symbol(random))}?interval={Intervals[index]}&format={Pick(random, Formats)}"
                + $"&from={from}&to={to}" + Pick(random, ["", "", "&price=mid", "&price=trade"]) + Pick(random, ["", "&crossed=false"]);
            await ShouldBeSameAsync(table, joined, path);
        }

        await ShouldBeSameAsync(table, joined, "/api/v1/candles/EURUSD?interval=1h");
        await ShouldBeSameAsync(table, joined, "/api/v1/candles/AAPL?interval=5m&limit=70");
    }

    [Fact]
    public async Task Paging_during_retention_misses_and_repeats_nothing()
    {
        await using var table = await LakeReadingFixture.StartAsync(history.FullTable, null);
        var shrinkingTable = await history.FillAsync();
        await using var joined = await LakeReadingFixture.StartAsync(shrinkingTable, history.Merged);
        var next = $"/api/v1/ticks/EURUSD?from={FirstMs}&limit=400";
        for (var page = 0; next is not null; page++)
        {
            if (page % 3 == 2)
            {
                await LakeReadingFixture.DropAsync(shrinkingTable, FirstMs + ((page / 3) * HourMs));
            }

            next = await ShouldBeSameAsync(table, joined, next);
        }
    }

    [Fact]
    public async Task Requests_succeed_while_chunks_are_dropped()
    {
        await using var table = await LakeReadingFixture.StartAsync(history.FullTable, null);
        var shrinkingTable = await history.FillAsync();
        await using var joined = await LakeReadingFixture.StartAsync(shrinkingTable, history.Merged);
        var dropping = Task.Run(
            async () =>
            {
                for (var ms = FirstMs; ms < EndMs - HourMs; ms += HourMs)
                {
                    await LakeReadingFixture.DropAsync(shrinkingTable, ms);
                }
            },
            Cancellation);
        do
        {
            await ShouldBeSameAsync(table, joined, $"/api/v1/ticks/X:BTC-USD?from={FirstMs}&limit=100000&format=csv");
            await ShouldBeSameAsync(table, joined, $"/api/v1/candles/AAPL?interval=1m&from={FirstMs}&to={EndMs}");
        }
        while (!dropping.IsCompleted);

        await dropping;
    }

    [Fact]
    public async Task Late_tick_in_a_dropped_chunk_hides_no_ticks_of_the_lake()
    {
        await using var table = await LakeReadingFixture.StartAsync(history.FullTable, null);
        var halfTable = await history.FillAsync();
        await LakeReadingFixture.DropAsync(halfTable, BoundaryMs);
        await using (var database = NpgsqlDataSource.Create(halfTable))
        await using (var insert = database.CreateCommand(
            $"""
            INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, bid, ask, tick_hash, received_ms)
            VALUES ('OTHER', {BoundaryMs - 5}, 'forex', 'quote', 'backfill', 1, 2, 3, 4)
            """))
        {
            await insert.ExecuteNonQueryAsync(Cancellation);
        }

        await using var joined = await LakeReadingFixture.StartAsync(halfTable, history.Merged);

        await ShouldBeSameAsync(table, joined, $"/api/v1/ticks/EURUSD?from={BoundaryMs - HourMs}&limit=2000");
        await ShouldBeSameAsync(table, joined, $"/api/v1/candles/EURUSD?interval=5m&from={FirstMs}&to={EndMs}");
    }

    [Fact]
    public async Task Range_of_the_table_is_served_without_the_lake()
    {
        using var folder = new TemporaryFolder();
        var invalidLake = Path.Combine(folder.Path, "lake");
        await File.WriteAllTextAsync(invalidLake, "no folder", Cancellation);
        await using var table = await LakeReadingFixture.StartAsync(history.FullTable, null);
        await using var joined = await LakeReadingFixture.StartAsync(history.HalfTable, invalidLake);

        await ShouldBeSameAsync(table, joined, $"/api/v1/ticks/EURUSD?from={BoundaryMs}&limit=300");
        await ShouldBeSameAsync(table, joined, "/api/v1/ticks/EURUSD?limit=300");
        await ShouldBeSameAsync(table, joined, $"/api/v1/candles/AAPL?interval=1m&from={BoundaryMs}&to={EndMs}");
    }

    [Theory]
    [InlineData("ticks/EURUSD?from=1737972000000")]
    [InlineData("candles/EURUSD?interval=1h&from=1737972000000&to=1737994000000")]
    [InlineData("ticks/EURUSD?limit=90000")]
    public async Task Damaged_file_is_reported_with_its_name_and_remedy(string path)
    {
        using var folder = new TemporaryFolder();
        var lake = Copy(history.Merged, folder.Path);
        var file = Directory.GetFiles(lake, "*.parquet", SearchOption.AllDirectories).First(name => name.Contains("market=forex"));
        await using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(stream.Length / 2);
        }

        await using var joined = await LakeReadingFixture.StartAsync(history.HalfTable, lake);
        using var answer = await joined.GetAsync($"/api/v1/{path}");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        text.ShouldContain("The ticks could not be read from the lake.");
        text.ShouldContain(Path.GetFileName(file));
        text.ShouldContain("cloudticks lake repair");
    }

    [Fact]
    public async Task Damaged_file_never_yields_a_seemingly_complete_response()
    {
        using var folder = new TemporaryFolder();
        var lake = Copy(history.Merged, folder.Path);
        var file = Directory.GetFiles(lake, "*.parquet", SearchOption.AllDirectories).First(name => name.Contains("market=forex"));
        await using (var stream = File.OpenWrite(file))
        {
            stream.Position = stream.Length - 200; // the footer
            stream.Write(new byte[150]);
        }

        await using var joined = await LakeReadingFixture.StartAsync(history.HalfTable, lake);
        using var answer = await joined.GetAsync($"/api/v1/ticks/EURUSD?from={FirstMs}");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Lagging_lake_is_not_read_and_the_table_start_is_reported()
    {
        using var folder = new TemporaryFolder();
        var lake = Copy(history.Merged, folder.Path);
        foreach (var positions in Directory.GetFiles(lake, "_positions-*"))
        {
            File.Delete(positions);
        }

        await using var joined = await LakeReadingFixture.StartAsync(history.HalfTable, lake);
        using var answer = await joined.GetAsync($"/api/v1/ticks/EURUSD?from={FirstMs}&limit=5");
        using var older = await joined.GetAsync($"/api/v1/ticks/EURUSD?from={FirstMs}&to={FirstMs + HourMs}");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("CloudTicks-Table-From").ShouldBe(["2025-01-27T13:00:00Z"]);
        older.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Range_before_the_lake_is_served_from_the_start_of_the_lake()
    {
        await using var joined = await LakeReadingFixture.StartAsync(history.HalfTable, history.Merged);
        using var answer = await joined.GetAsync($"/api/v1/ticks/EURUSD?from={FirstMs - (5 * HourMs)}&limit=5");
        using var older = await joined.GetAsync($"/api/v1/ticks/EURUSD?from={FirstMs - (5 * HourMs)}&to={FirstMs - HourMs}");

        answer.Headers.GetValues("CloudTicks-Table-From").ShouldBe(["2025-01-27T10:00:00Z"]);
        older.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <returns>The address of the next page.</returns>
    private static async Task<string?> ShouldBeSameAsync(QueryApp table, QueryApp joined, string path)
    {
        using var expected = await table.GetAsync(path);
        using var actual = await GetWhenSettledAsync(joined, path);
        (await actual.Content.ReadAsStringAsync(Cancellation)).ShouldBe(await expected.Content.ReadAsStringAsync(Cancellation), path);
        actual.StatusCode.ShouldBe(expected.StatusCode, path);
        Header(actual, "CloudTicks-Cursor").ShouldBe(Header(expected, "CloudTicks-Cursor"), path);
        Header(actual, "Link").ShouldBe(Header(expected, "Link"), path);
        return Header(actual, "Link") is { } link ? link[1..link.IndexOf('>', StringComparison.Ordinal)] : null;
    }

    /// <summary>
    /// Repeats a request while the response asks for it: the functions give up when chunks were dropped during each of three reads.
    /// </summary>
    private static async Task<HttpResponseMessage> GetWhenSettledAsync(QueryApp app, string path)
    {
        while (true)
        {
            var response = await app.GetAsync(path);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable
                || !(await response.Content.ReadAsStringAsync(Cancellation)).Contains("repeat the request", StringComparison.Ordinal))
            {
                return response;
            }

            response.Dispose();
        }
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private static (long From, long To) TimeRange(Random random)
    {
        // Half of the ranges start near the boundary between the lake and the table.
        var from = random.Next(2) == 0 ? BoundaryMs + random.Next(-600_000, 600_000) : FirstMs + random.NextInt64(EndMs - FirstMs);
        return (from, random.Next(5) == 0 ? from + random.Next(5_000) : from + random.NextInt64(EndMs - from + HourMs));
    }

    private static string Symbol(Random random) => Pick(random, [.. RandomHistory.Symbols, "GBPUSD"]);

    private static string Limit(Random random) =>
        (random.Next(3) switch { 0 => random.Next(1, 20), 1 => random.Next(20, 900), _ => random.Next(900, 30_000) })
        .ToString(CultureInfo.InvariantCulture);

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];

    private static string Copy(string from, string folder)
    {
        var to = Path.Combine(folder, "lake");
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return to;
    }
}
