using System.Globalization;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Lake.Importing;
using CloudTicks.Relay.Archive;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Archive;

/// <summary>A client whose start time is before the archive begins gets the earlier ticks from the lake, each tick once.</summary>
public sealed class LakeCatchUpTests : ArchiveHubTests
{
    private const long MsPerHour = 3_600_000;

    private static readonly Symbol Euro = TestTick.SymbolOf("EURUSD");
    private static readonly Symbol Pound = TestTick.SymbolOf("GBPUSD");
    private static readonly Symbol[] Symbols = [Euro, Pound, TestTick.SymbolOf("USDJPY"), TestTick.SymbolOf("AUDUSD")];

    [Fact]
    public async Task Ticks_of_lake_archive_and_tail_have_no_gap_or_repeat()
    {
        using var lake = new TemporaryFolder();
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        await WriteAsync(writer, Euro, 1, 20);
        await writer.WriteAsync([new TestTick(Pound, 1, StartMs)], Cancellation);
        await ArchiveLake.WriteAsync(Hub.BootstrapServers, lake, Cancellation);
        await DeleteBeforeAsync(Euro, 7);
        await using var archive = await StartAsync(lake);
        var client = new TestClient();

        var result = await archive.CatchUpAsync(client, StartMs + 3, Cancellation, Euro);
        await WriteAsync(writer, Euro, 21, 22);

        await client.UntilLastAsync("EUR/USD", 22, Cancellation);
        client.NumbersOf("EUR/USD").ShouldBe(Enumerable.Range(3, 20));
        client.NumbersOf("GBP/USD").ShouldBeEmpty();
        (result.Events, result.HistoryStartMs).ShouldBe((18, null));
        client.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task All_ticks_are_read_from_the_lake_if_the_archive_is_empty()
    {
        using var lake = new TemporaryFolder();
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        await WriteAsync(writer, Euro, 1, 10);
        await ArchiveLake.WriteAsync(Hub.BootstrapServers, lake, Cancellation);
        await DeleteBeforeAsync(Euro, 10);
        await using var archive = await StartAsync(lake);
        var client = new TestClient();

        var result = await archive.CatchUpAsync(client, StartMs - (2 * MsPerHour), Cancellation, Euro);

        client.NumbersOf("EUR/USD").ShouldBe(Enumerable.Range(1, 10));
        (result.Events, result.HistoryStartMs, result.IsFromLake).ShouldBe((10, (StartMs + 1) / MsPerHour * MsPerHour, true));
    }

    [Fact]
    public async Task Late_or_repeated_ticks_are_sent_once_from_lake_or_archive()
    {
        using var lake = new TemporaryFolder();
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        await WriteAsync(writer, Euro, 1, 5);
        await writer.WriteAsync([new TestTick(Euro, 6, StartMs + 2)], Cancellation); // late; its record is deleted below
        await WriteAsync(writer, Euro, 7, 8);
        await writer.WriteAsync([new TestTick(Euro, 3, StartMs + 3)], Cancellation, TickSource.Backfill); // repeats a deleted tick
        await writer.WriteAsync([new TestTick(Euro, 9, StartMs + 1)], Cancellation, TickSource.Backfill);
        await writer.WriteAsync([new TestTick(Euro, 10, StartMs + 1)], Cancellation, TickSource.Replay);
        await ArchiveLake.WriteAsync(Hub.BootstrapServers, lake, Cancellation);
        await DeleteBeforeAsync(Euro, 7);
        await using var archive = await StartAsync(lake);
        var client = new TestClient();

        await archive.CatchUpAsync(client, StartMs, Cancellation, Euro);

        client.NumbersOf("EUR/USD").Take(6).ShouldBe([1, 2, 6, 3, 4, 5], ignoreOrder: true);
        client.Of("EUR/USD").Take(6).Select(tick => tick.TimestampMs).ShouldBeInOrder();
        client.NumbersOf("EUR/USD").Skip(6).ShouldBe([7, 8, 9]);
    }

    [Fact]
    public async Task Wildcard_gets_each_symbol_from_lake_or_archive()
    {
        using var lake = new TemporaryFolder();
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        for (var number = 1; number <= 30; number++)
        {
            await writer.WriteAsync(Symbols.Select(symbol => new TestTick(symbol, number, StartMs + number)), Cancellation);
        }

        await ArchiveLake.WriteAsync(Hub.BootstrapServers, lake, Cancellation);
        await DeleteBeforeAsync(Euro, 11);
        await DeleteBeforeAsync(Pound, 30);
        await using var archive = await StartAsync(lake);
        var client = new TestClient();

        await archive.CatchUp.RunAsync(
            client, [new SinceChannel(new ChannelSelector(Market.Forex, TickKind.Quote, null), StartMs, IsShared: true)], Cancellation);
        await writer.WriteAsync(Symbols.Select(symbol => new TestTick(symbol, 31, StartMs + 31)), Cancellation);

        foreach (var symbol in Symbols)
        {
            await client.UntilLastAsync(TestTick.PairOf(symbol), 31, Cancellation);
            client.NumbersOf(TestTick.PairOf(symbol)).ShouldBe(Enumerable.Range(1, 31));
        }

        client.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Records_deleted_during_catch_up_are_read_from_the_lake()
    {
        using var lake = new TemporaryFolder();
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        await WriteAsync(writer, Euro, 1, 20);
        await ArchiveLake.WriteAsync(Hub.BootstrapServers, lake, Cancellation);
        await DeleteBeforeAsync(Euro, 5);
        await using var archive = await StartAsync(lake);
        var deletion = new Lazy<Task>(() => DeleteBeforeAsync(Euro, 12));
        var client = new TestClient { BeforeHistoryPiece = () => deletion.Value };

        await archive.CatchUpAsync(client, StartMs, Cancellation, Euro);

        client.NumbersOf("EUR/USD").ShouldBe(Enumerable.Range(1, 20));
        client.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Imported_ticks_are_sent_up_to_the_beginning_of_the_archive()
    {
        using var lake = new TemporaryFolder();
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        await WriteAsync(writer, Euro, 11, 20);
        await ArchiveLake.WriteAsync(Hub.BootstrapServers, lake, Cancellation);
        await DeleteBeforeAsync(Euro, 5);
        var laterMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 60_000;
        await ImportAsync(lake, [
            .. Enumerable.Range(1, 10).Select(number => (StartMs - (50 * MsPerHour) + (number * MsPerHour), number)),
            (StartMs + 12, 12), (StartMs + 18, 18), (laterMs, 99),
        ]);
        await using var archive = await StartAsync(lake);
        var client = new TestClient();

        await archive.CatchUpAsync(client, StartMs - (48 * MsPerHour) + 1, Cancellation, Euro);

        client.NumbersOf("EUR/USD").ShouldBe(Enumerable.Range(3, 18));
        client.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Ticks_of_an_earlier_archive_are_sent_whatever_their_offsets()
    {
        using var lake = new TemporaryFolder();
        await using (var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions))
        {
            await WriteAsync(writer, Euro, 1, 10);
        }

        await ArchiveLake.WriteAsync(Hub.BootstrapServers, lake, Cancellation);
        await using var other = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        await ArchiveWriter.CreateTopicsAsync(other.BootstrapServers, Partitions, Cancellation);
        await using var next = new ArchiveWriter(other.BootstrapServers, Partitions);
        await WriteAsync(next, Euro, 11, 20);
        await ArchiveLake.WriteAsync(other.BootstrapServers, lake, Cancellation);
        await using var archive = await RunningArchive.StartAsync(other.BootstrapServers, Cancellation, lake: lake.Path);
        var client = new TestClient();

        await archive.CatchUpAsync(client, StartMs, Cancellation, Euro);

        client.NumbersOf("EUR/USD").ShouldBe(Enumerable.Range(1, 20));
        client.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Damaged_hour_is_named_and_the_others_are_sent()
    {
        using var lake = new TemporaryFolder();
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        var firstMs = (StartMs / MsPerHour * MsPerHour) - (5 * MsPerHour);
        foreach (var number in Enumerable.Range(1, 5))
        {
            await writer.WriteAsync([new TestTick(Euro, number, firstMs + (number * MsPerHour))], Cancellation);
        }

        await writer.WriteAsync([new TestTick(Euro, 6, StartMs)], Cancellation);
        await ArchiveLake.WriteAsync(Hub.BootstrapServers, lake, Cancellation);
        await DeleteBeforeAsync(Euro, 5);
        var damagedMs = firstMs + (3 * MsPerHour);
        var hour = DateTimeOffset.FromUnixTimeMilliseconds(damagedMs).UtcDateTime.ToString("HH", CultureInfo.InvariantCulture);
        var file = Directory.GetFiles(lake.Path, "*.parquet", SearchOption.AllDirectories)
            .Single(path => path.Contains($"hour={hour}", StringComparison.Ordinal));
        var content = await File.ReadAllBytesAsync(file, Cancellation);
        Array.Clear(content, 4, content.Length - 4); // same length, so only reading detects the damage
        await File.WriteAllBytesAsync(file, content, Cancellation);
        await using var archive = await StartAsync(lake);
        var client = new TestClient();

        await archive.CatchUpAsync(client, firstMs, Cancellation, Euro);

        client.NumbersOf("EUR/USD").ShouldBe([1, 2, 4, 5, 6]);
        var warning = client.Warnings.ShouldHaveSingleItem();
        warning.ShouldStartWith($"events from {damagedMs} to {damagedMs + MsPerHour} that only the lake has are missing: ");
        warning.ShouldContain("cloudticks lake repair");
    }

    [Fact]
    public async Task Unreadable_lake_causes_a_warning_and_the_archive_is_sent()
    {
        using var lake = new TemporaryFolder();
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        await WriteAsync(writer, Euro, 1, 10);
        await ArchiveLake.WriteAsync(Hub.BootstrapServers, lake, Cancellation);
        await DeleteBeforeAsync(Euro, 5);
        var gone = lake.File("gone");
        await File.WriteAllTextAsync(gone, "not a folder", Cancellation);
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation, lake: gone);
        var client = new TestClient();

        await archive.CatchUpAsync(client, StartMs, Cancellation, Euro);

        client.NumbersOf("EUR/USD").ShouldBe(Enumerable.Range(6, 5));
        client.Warnings.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Warning_names_records_deleted_before_the_lake_stored_them()
    {
        using var lake = new TemporaryFolder();
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        await WriteAsync(writer, Euro, 1, 10);
        await ArchiveLake.WriteAsync(Hub.BootstrapServers, lake, Cancellation);
        await WriteAsync(writer, Euro, 11, 20);
        await DeleteBeforeAsync(Euro, 15);
        await using var archive = await StartAsync(lake);
        var client = new TestClient();

        await archive.CatchUpAsync(client, StartMs, Cancellation, Euro);

        client.NumbersOf("EUR/USD").ShouldBe(Enumerable.Range(1, 10).Concat(Enumerable.Range(16, 5)));
        client.Warnings.ShouldHaveSingleItem().ShouldMatch(
            @"^events archived from \d+ to \d+ are missing: the archive deleted them before the lake had stored them$");
    }

    [Fact]
    public async Task Client_that_disconnects_ends_the_reading_of_the_lake()
    {
        using var lake = new TemporaryFolder();
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        await WriteAsync(writer, Euro, 1, 10);
        await ArchiveLake.WriteAsync(Hub.BootstrapServers, lake, Cancellation);
        await DeleteBeforeAsync(Euro, 5);
        await using var archive = await StartAsync(lake);
        using var gone = new CancellationTokenSource();
        var client = new TestClient { BeforeHistoryPiece = gone.CancelAsync };

        await Should.ThrowAsync<OperationCanceledException>(() => archive.CatchUp
            .RunAsync(client, [new SinceChannel(ChannelSelector.Of(Euro, TickKind.Quote), StartMs, IsShared: false)], gone.Token)
            .WaitAsync(TimeSpan.FromMinutes(2), Cancellation));

        client.NumbersOf("EUR/USD").ShouldBeEmpty();
    }

    private Task<RunningArchive> StartAsync(TemporaryFolder lake) =>
        RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation, lake: lake.Path);

    /// <summary>Writes ticks a millisecond apart, one per record.</summary>
    private async Task WriteAsync(ArchiveWriter writer, Symbol symbol, int first, int last)
    {
        for (var number = first; number <= last; number++)
        {
            await writer.WriteAsync([new TestTick(symbol, number, StartMs + number)], Cancellation);
        }
    }

    private static async Task ImportAsync(TemporaryFolder lake, IEnumerable<(long Ms, int Number)> ticks)
    {
        using var files = new TemporaryFolder();
        var lines = ticks.Select(tick => string.Create(CultureInfo.InvariantCulture, $"{tick.Ms},EURUSD,{tick.Number},1000000000"));
        var file = files.Write("history.csv", $"timestamp_ms,symbol,bid,ask\n{string.Join('\n', lines)}\n");
        var import = new LakeImport(
            new ImportSettings { Folder = lake.Path }, TimeProvider.System, fault => throw new InvalidOperationException(fault));
        await import.RunAsync([file], _ => { }, Cancellation);
    }

    private async Task DeleteBeforeAsync(Symbol symbol, long offset)
    {
        using var admin = new Confluent.Kafka.AdminClientBuilder(EventStreamConnection.Parse(Hub.BootstrapServers).AdminConfig()).Build();
        await admin.DeleteRecordsAsync([new(TopicNames.TickArchive, symbol.PartitionOf(Partitions), offset)]);
    }
}
