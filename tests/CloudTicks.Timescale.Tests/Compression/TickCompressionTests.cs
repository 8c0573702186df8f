using System.Diagnostics.Metrics;
using CloudTicks.TestServices;
using CloudTicks.Timescale.Compression;
using CloudTicks.Timescale.Editions;
using CloudTicks.Timescale.Retention;
using CloudTicks.Timescale.Roles;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CloudTicks.Timescale.Tests.Compression;

/// <summary>The tests' server has the Apache edition, which refuses the statements of the Community edition.</summary>
public sealed class TickCompressionTests(PostgresFixture postgres) : IDisposable
{
    private const long HourMs = 3_600_000;

    private static readonly TimescaleEdition Community = new("2.19.3", "timescale", "17.5");

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LogRecorder<TickCompression> _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("apache", "2.19.3", 2, "off: TimescaleDB 2.19.3 is the Apache edition, which has no compression")]
    [InlineData("apache", "2.19.3", 0, "off: TimescaleDB 2.19.3 is the Apache edition, which has no compression")]
    [InlineData("timescale", "2.19.3", 0, "off: Timescale:CompressAfter is empty")]
    [InlineData("timescale", "2.17.2", 2, "off: TimescaleDB 2.17.2 is older than 2.18, the minimum for compression")]
    [InlineData("timescale", "2.18.0", 2, "on: the edition is Community, and Timescale:CompressAfter is 02:00:00")]
    [InlineData("timescale", "2.24.0-dev", 5, "on: the edition is Community, and Timescale:CompressAfter is 05:00:00")]
    public void Compression_depends_on_edition_version_and_setting(string license, string version, int hours, string expected)
    {
        var options = new TimescaleOptions { CompressAfter = hours == 0 ? null : TimeSpan.FromHours(hours) };

        var choice = CompressionChoice.Of(new TimescaleEdition(version, license, "17.5"), options);

        $"{(choice.IsEnabled ? "on" : "off")}: {choice.Reason}".ShouldBe(expected);
    }

    [Fact]
    public void Due_chunks_are_old_but_retained_and_have_uncompressed_rows()
    {
        Chunk[] chunks =
        [
            new("gone", 0, 1), new("first", 1, 2), new("compressed", 2, 3, IsCompressed: true),
            new("late ticks", 3, 4, IsCompressed: true, UncompressedRows: 1),
            new("last", 4, 5), new("young", 5, 6),
        ];

        TickCompression.GetDue(chunks, cutoffMs: 5, windowStartMs: 1).Select(chunk => chunk.Name).ShouldBe(["first", "late ticks", "last"]);
        TickCompression.GetDue(chunks, cutoffMs: 1, windowStartMs: null).Select(chunk => chunk.Name).ShouldBe(["gone"]);
    }

    [Fact]
    public async Task Apache_edition_compresses_nothing_and_is_logged_once()
    {
        await using var database = await CreateFilledDatabaseAsync();
        var compression = Compression(database);

        var first = await compression.CompressAsync(Cancellation);
        await compression.CompressAsync(Cancellation);

        (first.Choice.IsEnabled, first.Problem, first.Compressed.Count).ShouldBe((false, null, 0));
        _log.Lines.ShouldHaveSingleItem()
            .ShouldMatch(@"^Compression of market_ticks is off: TimescaleDB \S+ is the Apache edition, which has no compression$");
        (await ChunksAsync(database)).ShouldAllBe(chunk => !chunk.IsCompressed && chunk.UncompressedRows >= 0 && chunk.Bytes > 0);
    }

    [Fact]
    public async Task Refused_compression_is_logged_and_storing_continues()
    {
        await using var database = await CreateFilledDatabaseAsync();
        var rows = await database.CountAsync();
        var outcomes = new List<string>();
        using var listener = Outcomes(outcomes);

        var result = await Compression(database, Community).CompressAsync(Cancellation);

        result.Problem!.ShouldContain("license");
        outcomes.ShouldBe(["refused"]);
        _log.Lines.Last().ShouldStartWith("Chunks of market_ticks are not compressed: ");
        (await database.CountAsync()).ShouldBe(rows);
        await database.Store().StoreAsync(TestRecords.Partition(), [TestRecords.Quotes(0, 1)], TestRecords.NoneRefused, Cancellation);
        (await database.CountAsync()).ShouldBe(rows + 1);
        // The session returns to the pool without its settings.
        await using var session = await database.Sources.Owner.OpenConnectionAsync(Cancellation);
        await using var show = new NpgsqlCommand("SELECT current_setting('lock_timeout')", session);
        (await show.ExecuteScalarAsync(Cancellation)).ShouldBe("0");
        (await database.QueryAsync<long>(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database WHERE datname = current_database() AND locktype = "
                + "'advisory'"))
            .ShouldBe(0);
    }

    [Fact]
    public async Task Statements_fail_only_because_of_the_license()
    {
        await using var database = await CreateFilledDatabaseAsync();
        var chunk = (await ChunksAsync(database))[0].Name;

        (await RefusalAsync(database, CompressionStatements.Enable)).ShouldContain("license");
        (await RefusalAsync(database, CompressionStatements.Compress, chunk)).ShouldContain("license");
        (await RefusalAsync(database, CompressionStatements.Enable.Replace("segmentby", "segmentedby", StringComparison.Ordinal)))
            .ShouldNotContain("license");
        (await database.QueryAsync<bool>(CompressionStatements.IsEnabledQuery)).ShouldBeFalse();
    }

    [Fact]
    public async Task Writers_have_no_unpack_limit_even_in_older_sessions()
    {
        const string show = $"SHOW {CompressionStatements.UnpackLimit}";
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var laterDatabase = RoleSource.Create(await postgres.CreateDatabaseAsync(Cancellation), DatabaseRole.Writer);
        await using var session = await laterDatabase.OpenConnectionAsync(Cancellation);
        await using (var createExtension = new NpgsqlCommand("CREATE EXTENSION timescaledb", session))
        {
            await createExtension.ExecuteNonQueryAsync(Cancellation);
        }

        await using var writerQuery = database.Sources.Writer.CreateCommand(show);
        (await writerQuery.ExecuteScalarAsync(Cancellation)).ShouldBe("0");
        await using var olderSessionQuery = new NpgsqlCommand(show, session);
        (await olderSessionQuery.ExecuteScalarAsync(Cancellation)).ShouldBe("0");
        (await database.QueryAsync<string>(show)).ShouldNotBe("0");
    }

    public void Dispose() => _services.Dispose();

    private static async Task<string> RefusalAsync(TestDatabase database, string statement, params string[] parameters)
    {
        await using var command = database.Source.CreateCommand(statement);
        command.Parameters.AddRange(parameters.Select(value => new NpgsqlParameter<string> { TypedValue = value }).ToArray());
        return (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation))).MessageText;
    }

    private static async Task<List<Chunk>> ChunksAsync(TestDatabase database)
    {
        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
        return await ChunkList.ReadAsync(connection, sizes: true, Cancellation);
    }

    private static MeterListener Outcomes(List<string> outcomes)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "cloudticks.timescale.compressions")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (_, chunks, tags, _) => outcomes.AddRange(Enumerable.Repeat((string)tags[0].Value!, (int)chunks)));
        listener.Start();
        return listener;
    }

    /// <summary>Creates a database with ticks of the last ten hours.</summary>
    private async Task<TestDatabase> CreateFilledDatabaseAsync()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await database.ExecuteAsync(
            $"""
            INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, tick_hash, received_ms)
            SELECT 'EURUSD', t, 'forex', 'quote', 'live', t, t FROM generate_series({now - (10 * HourMs)}, {now}, {HourMs / 4}) t
            """);
        return database;
    }

    private TickCompression Compression(TestDatabase database, TimescaleEdition? edition = null) => new(
        database.Sources.Owner, new SettableOptions(new TimescaleOptions()),
        new TimescaleMetrics(_services.GetRequiredService<IMeterFactory>(), TimeProvider.System), TimeProvider.System, _log)
    { Edition = edition };
}
