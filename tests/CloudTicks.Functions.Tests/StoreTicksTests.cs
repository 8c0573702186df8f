using System.Buffers.Binary;
using System.Diagnostics;
using System.Reflection;
using CloudTicks.EventStream.Topics;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Functions.Tests;

public class StoreTicksTests(PostgresFixture postgres)
{
    private static readonly string CliProgram =
        typeof(StoreTicksTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "CliProgram").Value!;

    [Fact]
    public async Task Killed_and_restarted_functions_lose_no_tick()
    {
        const int partitions = 4, records = 250, ticks = 20;
        await using var system = await TestSystem.StartAsync(postgres);
        var first = await system.StartFunctionsAsync();
        var producing = Task.WhenAll(Enumerable.Range(0, partitions).Select(async partition =>
        {
            for (var record = 0; record < records; record++)
            {
                // Each record repeats the second half of the previous one.
                await system.ProduceAsync(partition, TestTicks.Record(partition, (partition * 100_000) + (record * ticks / 2), ticks));
            }
        }));

        await system.UntilAsync(async () => await system.CountRowsAsync() > 100 ? null : "no rows yet");
        await first.KillAsync();
        await system.StartFunctionsAsync();
        await producing;

        const int distinctTicks = partitions * (records + 1) * ticks / 2;
        await system.UntilRowsAsync(distinctTicks);
        await system.UntilSeenAsync(distinctTicks);
        await system.UntilAsync(async () =>
            await system.QueryAsync<decimal>(
                "SELECT sum(next_offset) FROM stream_offsets WHERE consumer = 'timescale'") == partitions * records
                ? null
                : "offsets are behind");
        (await system.CountRowsAsync()).ShouldBe(distinctTicks);
        system.Subjects.Keys.ShouldBe(["ticks.EURUSD", "ticks.XAUUSD", "ticks.BRK_A"], ignoreOrder: true);
    }

    [Fact]
    public async Task Unreadable_record_becomes_one_dead_letter()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        await system.ProduceAsync(7, TestTicks.Record(7, 0, 10), "no TickBatch"u8.ToArray(), TestTicks.Record(7, 10, 10));

        await system.StartFunctionsAsync();

        await system.UntilRowsAsync(20);
        await system.UntilSeenAsync(20);
        var letter = (await system.DeadLettersAsync()).ShouldHaveSingleItem();
        letter.Value.ToArray().ShouldBe("no TickBatch"u8.ToArray());
        letter.HeaderText(HeaderNames.Reason).ShouldNotBeNullOrEmpty();
        letter.HeaderText(HeaderNames.Topic).ShouldBe("tick_archive");
        letter.HeaderText(HeaderNames.Partition).ShouldBe("7");
        letter.HeaderText(HeaderNames.Offset).ShouldBe("1");
    }

    [Fact]
    public async Task Only_the_refused_tick_becomes_a_dead_letter()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        await system.ProduceAsync(7, TestTicks.Record(7, 0, 10));
        await system.StartFunctionsAsync();
        await system.UntilRowsAsync(10);
        await system.ExecuteAsync("ALTER TABLE market_ticks ADD CONSTRAINT no_13 CHECK (bid <> 1.00013)");

        await system.ProduceAsync(7, TestTicks.Record(7, 10, 10), TestTicks.Record(7, 20, 10));

        await system.UntilRowsAsync(29);
        var letter = (await system.DeadLettersAsync()).ShouldHaveSingleItem();
        letter.HeaderText(HeaderNames.Offset).ShouldBe("1");
        letter.HeaderText(HeaderNames.Reason).ShouldNotBeNull().ShouldContain("violates check constraint \"no_13\"");
        var ticks = await DecodeAsync(letter.Value);
        ticks.ShouldHaveSingleItem().ShouldContain($"{TestTicks.IdentityOf(13):x16}");
    }

    [Fact]
    public async Task Gap_records_are_stored_in_their_table()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var gap = new FeedGap(
            Guid.NewGuid(), Symbol.TryParse("EURUSD", out var symbol) ? symbol : throw new InvalidOperationException(), TickKind.Quote,
            1_000, 2_000,
            "disconnected", "a test", GapState.Open, 0, null, 3_000);
        byte[][] records =
        [
            TestTicks.Record(7, 0, 10), GapRecord.Write(gap), "{\"gap\":{}}"u8.ToArray(), TestTicks.Record(7, 10, 10),
            GapRecord.Write(gap with { State = GapState.Filled, Recovered = 5, ChangedMs = 4_000 }),
        ];
        await system.ProduceAsync(7, records);

        await system.StartFunctionsAsync();

        await system.UntilRowsAsync(20);
        await system.UntilSeenAsync(20);
        await system.UntilAsync(
            async () => (await system.QueryAsync<long>("SELECT count(*) FROM feed_gaps WHERE state = 'filled' AND recovered = 5")) == 1
            ? null : "the gap is not in its table");
        (await system.QueryAsync<long>("SELECT count(*) FROM feed_gaps")).ShouldBe(1);
        (await system.DeadLettersAsync()).ShouldHaveSingleItem().HeaderText(HeaderNames.Reason).ShouldNotBeNull().ShouldContain("gap");
    }

    [Fact]
    public async Task Checkpoint_ahead_of_the_table_loses_nothing()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        await system.ProduceAsync(2, [.. Enumerable.Range(0, 10).Select(record => TestTicks.Record(2, record * 10, 10))]);
        system.SetCheckpoint(ConsumerGroups.Timescale, 2, 8);

        await system.StartFunctionsAsync();

        await system.UntilRowsAsync(100);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Recreated_stream_is_stored_from_its_start(bool functionsKeepRunning)
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsAsync();
        await system.ProduceAsync(1, TestTicks.Record(1, 0, 10), TestTicks.Record(1, 10, 10), TestTicks.Record(1, 20, 10));
        await system.UntilRowsAsync(30);

        if (!functionsKeepRunning)
        {
            await functions.KillAsync();
        }

        await system.Hub.KillAsync();
        Directory.Delete(system.Hub.DataFolder, recursive: true);
        await system.Hub.RestartAsync(TestContext.Current.CancellationToken);
        await system.CreateTopicsAsync();
        await system.ProduceAsync(1, TestTicks.Record(1, 100, 10), TestTicks.Record(1, 110, 10));

        if (!functionsKeepRunning)
        {
            await system.StartFunctionsAsync();
        }

        await system.UntilRowsAsync(50);
    }

    [Fact]
    public async Task Storing_waits_for_a_database_that_starts_later()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        await system.ProduceAsync(0, TestTicks.Record(0, 0, 10));
        var laterDatabase = postgres.Server.GetConnectionString("comes_later");

        var functions = await system.StartFunctionsAsync(("ConnectionStrings__timescale", laterDatabase));
        await functions.LineAsync("The database is not ready");
        await system.UntilSeenAsync(10);
        await postgres.Server.CreateDatabaseAsync("comes_later", TestContext.Current.CancellationToken);

        await functions.LineAsync("0001_market_ticks");
        await system.UntilAsync(async () =>
            (await system.CheckpointsAsync(ConsumerGroups.Timescale)).GetValueOrDefault(0) == 1 ? null : "nothing was checkpointed");
    }

    [Theory]
    [InlineData(null, 10)]
    [InlineData("", 20)]
    [InlineData("5.00:00:00", 20)]
    public async Task Ticks_older_than_the_retention_window_are_not_stored(string? window, int rows)
    {
        await using var system = await TestSystem.StartAsync(postgres);
        await system.ProduceAsync(0, TestTicks.Record(0, 0, 10, TimeSpan.FromDays(4)), TestTicks.Record(0, 10, 10));

        await system.StartFunctionsAsync(("Timescale__RetentionWindow", window));

        await system.UntilRowsAsync(rows);
        await system.UntilAsync(async () =>
            (await system.CheckpointsAsync(ConsumerGroups.Timescale)).GetValueOrDefault(0) == 2 ? null : "nothing was checkpointed");
        (await system.CountRowsAsync()).ShouldBe(rows);
    }

    /// <summary>Returns the output lines of <c>cloudticks decode</c> for a record in kcat's format.</summary>
    private static async Task<string[]> DecodeAsync(ReadOnlyMemory<byte> record)
    {
        var start = new ProcessStartInfo(
            DotNetProgram.Command, [CliProgram, "decode"])
        { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var input = process.StandardInput.BaseStream;
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, record.Length);
        await input.WriteAsync(length, TestContext.Current.CancellationToken);
        await input.WriteAsync(record, TestContext.Current.CancellationToken);
        input.Close();
        return (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
