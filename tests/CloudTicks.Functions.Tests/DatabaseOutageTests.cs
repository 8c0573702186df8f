using System.Globalization;
using System.Text.Json;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests;

public class DatabaseOutageTests(PostgresFixture postgres)
{
    private const int Partitions = 4;
    private const int TicksOfRecord = 50;
    private const int RecordsAtOnce = 1_000;
    private const string StoppedText = "Ticks are not stored, and wait in the archive: ";
    private const string ReminderText = "Ticks are still not stored after ";
    private const string ResumedText = "Ticks are stored again, after ";

    /// <summary>
    /// With this setting the functions lose no partitions on a busy machine. Such a loss could end an outage, or be logged as another
    /// warning.
    /// </summary>
    private static readonly (string, string?) LongSession = ("FunctionsHosting__SessionTimeout", "00:05:00");

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LockTime = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("CLOUDTICKS_LOCK_SECONDS") ?? "0", CultureInfo.InvariantCulture));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Database_outage_is_logged_once_and_loses_nothing(bool isKilled)
    {
        await using var ownPostgres = await OwnPostgres.StartAsync(null, Cancellation);
        await using var system = await TestSystem.StartAsync(await ownPostgres.Server.CreateDatabaseAsync("ticks", Cancellation));
        var functions = await system.StartFunctionsAsync(LongSession);
        using var enough = new CancellationTokenSource();
        var producing = ProduceUntilAsync(system, enough.Token);
        await system.UntilAsync(async () => await system.CountRowsAsync() > 1000 ? null : "no rows yet");

        // Stop the database at an arbitrary point: COPY runs nearly all the time.
        await (isKilled ? ownPostgres.KillAsync() : ownPostgres.StopAsync().AsTask());
        await functions.LineAsync(StoppedText);
        var health = await functions.UntilHealthAsync(503);
        await ownPostgres.StartAsync(Cancellation);
        system.ForgetConnections();
        await functions.LineAsync(ResumedText);
        await enough.CancelAsync();
        var produced = await producing;

        await system.UntilRowsAsync(produced);
        await system.UntilSeenAsync(produced);
        await functions.UntilHealthAsync(200);
        health.ShouldContain($"PostgreSQL at 127.0.0.1:{ownPostgres.Server.Port} does not answer");
        functions.CountLines(StoppedText).ShouldBe(1, functions.Log);
        functions.CountLines(ResumedText).ShouldBe(1, functions.Log);
        functions.CountLines("WARNING", ReminderText).ShouldBe(1, functions.Log);
    }

    [Fact]
    public async Task Full_database_disk_is_logged_once_and_storing_resumes()
    {
        await using var disk = await SmallDisk.TryMountAsync(200, Cancellation);
        Assert.SkipWhen(disk is null, "A small disk cannot be mounted here: mounting requires root and a container that permits it.");
        await using var ownPostgres = await OwnPostgres.StartAsync(Path.Combine(disk.Path, "timescale"), Cancellation);
        await using var system = await TestSystem.StartAsync(await ownPostgres.Server.CreateDatabaseAsync("ticks", Cancellation));
        var functions = await system.StartFunctionsAsync(LongSession);
        await ProduceAsync(system, firstRecord: 0, records: 2);
        await system.UntilRowsAsync(Partitions * 2 * TicksOfRecord);
        // A full disk stops the whole server when its log needs another file, so give the server a new log file first.
        await system.ExecuteAsync("SELECT pg_switch_wal()");
        await system.ExecuteAsync("CHECKPOINT");

        using (disk.Fill())
        {
            await ProduceAsync(system, firstRecord: 2, records: 40);
            await functions.LineAsync(StoppedText);
            (await functions.UntilHealthAsync(503)).ShouldContain($"the disk of PostgreSQL at 127.0.0.1:{ownPostgres.Server.Port} is full");
        }

        await functions.LineAsync(ResumedText);
        await system.UntilRowsAsync(Partitions * 42 * TicksOfRecord);
        functions.CountLines("is full (53100: could not extend file", ReminderText).ShouldBe(1, functions.Log);
        functions.CountLines(ResumedText).ShouldBe(1, functions.Log);
    }

    [Theory]
    [InlineData("53100", "is full (53100: injected). Free space")]
    [InlineData("53300", "has no free connections (53300: injected)")]
    [InlineData("25006", "is read-only (25006: injected)")]
    [InlineData("57P01", "does not answer (57P01: injected)")]
    [InlineData("42501", "do this (42501: injected). The login lacks a right")]
    [InlineData("XX000", "refuses a statement (XX000: injected)")]
    public async Task Database_refusal_is_logged_once_and_storing_resumes(string sqlState, string sentence)
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsAsync(LongSession);
        await system.ProduceAsync(0, TestTicks.Record(0, 0, 10));
        await system.UntilRowsAsync(10);
        await system.ExecuteAsync(
            $"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '{sqlState}'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON stream_offsets FOR EACH STATEMENT EXECUTE FUNCTION refuse();
            """);

        await Task.WhenAll(Enumerable.Range(0, Partitions)
            .Select(partition => system.ProduceAsync(partition, TestTicks.Record(partition, 100 * partition, 10))));
        await functions.LineAsync(StoppedText);
        await functions.UntilHealthAsync(503);
        await system.ExecuteAsync("DROP TRIGGER refuse ON stream_offsets");

        await functions.LineAsync(ResumedText);
        await system.UntilRowsAsync(Partitions * 10);
        functions.CountLines(sentence, ReminderText).ShouldBe(1, functions.Log);
        functions.CountLines("WARNING", ReminderText).ShouldBe(1, functions.Log);
    }

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task Short_conflict_is_not_logged(string sqlState)
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsAsync(LongSession);
        await system.ProduceAsync(0, TestTicks.Record(0, 0, 10));
        await system.UntilRowsAsync(10);
        await system.ExecuteAsync(
            $"""
            CREATE SEQUENCE attempts;
            GRANT USAGE ON SEQUENCE attempts TO PUBLIC;
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF nextval('attempts') <= 1 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '{sqlState}'; END IF; RETURN NULL; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON stream_offsets FOR EACH STATEMENT EXECUTE FUNCTION refuse();
            """);

        await system.ProduceAsync(0, TestTicks.Record(0, 10, 10));

        await system.UntilRowsAsync(20);
        (await system.QueryAsync<long>("SELECT last_value FROM attempts")).ShouldBeGreaterThan(1);
        functions.CountLines("WARNING").ShouldBe(0, functions.Log);
    }

    /// <summary><c>CLOUDTICKS_LOCK_SECONDS</c> is the minimum time for which the lock is held, in seconds; 0 by default.</summary>
    [Fact]
    public async Task Locked_table_shows_the_lag_and_loses_nothing()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsAsync(LongSession);
        await ProduceAsync(system, firstRecord: 0, records: 1);
        await system.UntilRowsAsync(Partitions * TicksOfRecord);
        var status = new Uri(await functions.AddressAsync(), "/api/v1/status");
        await UntilLagAsync(system, status, lag => lag == 0);

        await using (await system.LockTableAsync())
        {
            var minLockTime = Task.Delay(LockTime, TimeProvider.System, Cancellation);
            await ProduceAsync(system, firstRecord: 1, records: 20);
            await system.UntilSeenAsync(Partitions * 21 * TicksOfRecord);
            await functions.LineAsync("another session blocks a statement in database");
            await UntilLagAsync(system, status, lag => lag == Partitions * 20);
            (await functions.UntilHealthAsync(503)).ShouldContain("55P03");
            await minLockTime;
        }

        await functions.LineAsync(ResumedText);
        await system.UntilRowsAsync(Partitions * 21 * TicksOfRecord);
        await UntilLagAsync(system, status, lag => lag == 0);
        await functions.UntilHealthAsync(200);
    }

    private static async Task UntilLagAsync(TestSystem system, Uri status, Func<long?, bool> condition)
    {
        using var http = new HttpClient();
        await system.UntilAsync(async () =>
        {
            using var json = JsonDocument.Parse(await http.GetStringAsync(status, Cancellation));
            return condition(json.RootElement.GetProperty("lag_records").Deserialize<long?>()) ? null : $"the status is {json.RootElement}";
        });
    }

    private static Task ProduceAsync(TestSystem system, int firstRecord, int records) =>
        Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition => system.ProduceAsync(
            partition, [.. Enumerable.Range(firstRecord, records).Select(record => Record(partition, record))])));

    /// <summary>Produces distinct ticks into all partitions.</summary>
    /// <returns>The number of ticks.</returns>
    private static async Task<int> ProduceUntilAsync(TestSystem system, CancellationToken enough)
    {
        var records = await Task.WhenAll(Enumerable.Range(0, Partitions).Select(async partition =>
        {
            var record = 0;
            for (; !enough.IsCancellationRequested; record++)
            {
                await system.ProduceAsync(partition, Record(partition, record));
                // An outage lasts long on a slow machine: without a pause there would be millions of rows to store afterwards.
                if (record > RecordsAtOnce)
                    await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }

            return record;
        }));
        return records.Sum() * TicksOfRecord;
    }

    private static byte[] Record(int partition, int record) =>
        TestTicks.Record(partition, ((record * Partitions) + partition) * TicksOfRecord, TicksOfRecord);
}
