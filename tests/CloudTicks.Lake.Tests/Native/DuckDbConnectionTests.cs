using CloudTicks.Lake.Native;

namespace CloudTicks.Lake.Tests.Native;

public sealed class DuckDbConnectionTests : IDisposable
{
    private readonly DuckDbDatabase _database = DuckDbDatabase.Open(new DuckDbSettings());
    private readonly DuckDbConnection _connection;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public DuckDbConnectionTests() => _connection = _database.Connect();

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void Values_of_each_type_are_read_from_all_chunks()
    {
        using var result = _connection.Query(
            "SELECT i, i / 4, 'text of more than twelve bytes ' || i, [i, i + 1], 1.5::DECIMAL(38,18) FROM range(5000) t(i)",
            Cancellation);

        result.Columns.Select(column => column.Type).ShouldBe(
            [DuckDbType.BigInt, DuckDbType.Double, DuckDbType.Varchar, DuckDbType.List, DuckDbType.Decimal]);
        result.Columns[4].Scale.ShouldBe(18);
        var row = 0L;
        while (result.TryRead(out var chunk))
        {
            for (var i = 0; i < chunk.Count; i++, row++)
            {
                chunk[0].Values<long>()[i].ShouldBe(row);
                chunk[1].Values<double>()[i].ShouldBe(row / 4.0);
                System.Text.Encoding.UTF8.GetString(chunk[2].Bytes(i)).ShouldBe($"text of more than twelve bytes {row}");
                var (start, count) = chunk[3].Range(i);
                count.ShouldBe(2);
                chunk[3].Elements(start + count).Values<long>()[start + 1].ShouldBe(row + 1);
                chunk[4].Values<Int128>()[i].ShouldBe((Int128)1_500_000_000_000_000_000);
            }
        }

        row.ShouldBe(5000);
    }

    [Fact]
    public void Short_texts_and_absent_values_are_read()
    {
        using var result = _connection.Query("SELECT CASE WHEN i = 1 THEN NULL ELSE 'ab' END FROM range(3) t(i)", Cancellation);

        result.TryRead(out var chunk).ShouldBeTrue();
        chunk![0].Bytes(0).ToArray().ShouldBe("ab"u8.ToArray());
        chunk[0].IsNull(0).ShouldBeFalse();
        chunk[0].IsNull(1).ShouldBeTrue();
    }

    [Fact]
    public void Failures_have_the_message_of_DuckDB()
    {
        Should.Throw<DuckDbException>(() => _connection.Execute("SELECT nothing_of_this_name", Cancellation)).Message
            .ShouldContain("nothing_of_this_name");
        Should.Throw<DuckDbException>(() => _connection.Execute("SELEC 1", Cancellation)).Message.ShouldContain("syntax error");
        Should.Throw<DuckDbException>(() =>
        {
            using var result = _connection.Query("SELECT error('row ' || i) FROM range(10) t(i)", Cancellation);
            result.TryRead(out _);
        }).Message.ShouldContain("row 0");
    }

    [Fact]
    public void Parameters_are_never_interpreted_as_SQL()
    {
        using var statement = _connection.Prepare("SELECT $name, $count, $real, $flag, $nothing").Single();
        statement.Parameters.ShouldBe(["name", "count", "real", "flag", "nothing"], ignoreOrder: true);
        statement.Bind("name", "'; DROP TABLE x; --");
        statement.Bind("count", 42L);
        statement.Bind("real", 1.5);
        statement.Bind("flag", true);
        statement.Bind("nothing", null);

        using var result = statement.Query(Cancellation);

        result.TryRead(out var chunk).ShouldBeTrue();
        System.Text.Encoding.UTF8.GetString(chunk![0].Bytes(0)).ShouldBe("'; DROP TABLE x; --");
        chunk[1].Values<long>()[0].ShouldBe(42);
        chunk[2].Values<double>()[0].ShouldBe(1.5);
        chunk[4].IsNull(0).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => statement.Bind("other", 1L));
    }

    [Fact]
    public async Task Cancelled_statement_is_interrupted()
    {
        using var stop = new CancellationTokenSource();
        var running = Task.Run(
            () => _connection.Execute("SELECT count(*) FROM range(10000000000) a(i) WHERE hash(i) = 1", stop.Token),
            CancellationToken.None);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(running);
        _connection.Execute("SELECT 1", Cancellation).ShouldBe(0);
    }

    [Fact]
    public void Statement_above_the_memory_limit_fails()
    {
        using var database = DuckDbDatabase.Open(new DuckDbSettings { MemoryBytes = 16_000_000 });
        using var connection = database.Connect();

        Should.Throw<DuckDbException>(() => connection.Execute("CREATE TABLE t AS SELECT hash(i) FROM range(50000000) t(i)", Cancellation))
            .Kind.ShouldBe(DuckDbErrorKind.OutOfMemory);
    }
}
