using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Tests.Sql;

/// <summary>Queries cannot access files outside the lake, change anything, or load anything.</summary>
public sealed class HostileQueryTests : IAsyncLifetime
{
    private readonly SqlLake _lake = new();
    private string _file = "";

    public static TheoryData<string> Queries { get; } =
    [
        "COPY (SELECT 1) TO '{root}/out.csv'",
        "COPY (SELECT 1) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
        "EXPLAIN ANALYZE /* SELECT */ CREATE TABLE x AS SELECT 1",
        "SELECT 1; COPY (SELECT 1) TO '{root}/out.csv'",
        "SELECT 1) q; COPY (SELECT 1) TO '{root}/out.csv'; SELECT * FROM (SELECT 1",
        "SELECT 1 --\n) q; DROP VIEW ticks; --",
        "FROM query('COPY (SELECT 1) TO ''{root}/out.csv''')",
        "FROM query_table('/etc/passwd')",
        "FROM read_text('/etc/passwd')",
        "FROM read_blob('{root}/secret.txt')",
        "FROM read_csv('{root}/secret.txt')",
        "FROM read_text('{lake}/../secret.txt')",
        "FROM '{root}/secret.txt'",
        "FROM read_parquet('{root}/other.parquet')",
        "FROM glob('{root}/*')",
        "FROM parquet_metadata('{root}/other.parquet')",
        "FROM read_text('https://127.0.0.1:1/')",
        "FROM sniff_csv('/etc/passwd')",
        "ATTACH '{root}/x.db'",
        "INSTALL httpfs",
        "LOAD '{root}/x.duckdb_extension'",
        "SET enable_external_access = true",
        "SET allowed_paths = ['/etc/passwd']",
        "SET memory_limit = '100GB'",
        "RESET lock_configuration",
        "PRAGMA database_list",
        "CALL pragma_version()",
        "CREATE TABLE x AS SELECT 1",
        "CREATE OR REPLACE VIEW ticks AS SELECT 1",
        "DROP VIEW ticks",
        "INSERT INTO gaps SELECT * FROM gaps",
        "DELETE FROM gaps",
        "EXPORT DATABASE '{root}/export'",
        "PREPARE p AS SELECT 1",
        "CHECKPOINT",
        "BEGIN",
        "",
        ";",
        "-- nothing",
    ];

    public async ValueTask InitializeAsync()
    {
        _file = await _lake.WriteAsync(TickKind.Quote, Market.Forex, file => file.Add(SqlLake.Quote("EURUSD", 0, "1", "2"),
            TickSource.Live, 0, 0));
        await File.WriteAllTextAsync(Path.Combine(_lake.Root, "secret.txt"), "secret", TestContext.Current.CancellationToken);
        File.Copy(_file, Path.Combine(_lake.Root, "other.parquet"));
    }

    public ValueTask DisposeAsync()
    {
        _lake.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Hostile_query_is_refused_and_changes_nothing(string sql)
    {
        var before = Content();
        using var session = await _lake.OpenAsync();
        session.Seal();
        var query = sql.Replace("{root}", _lake.Root).Replace("{lake}", _lake.Folder).Replace("{file}", _file);

        var refusal = Should.Throw<Exception>(() => SqlLake.Rows(session, query));

        refusal.ShouldBeAssignableTo<Exception>().ShouldSatisfyAllConditions(
            () => (refusal is LakeQueryException or DuckDbException).ShouldBeTrue(refusal.ToString()),
            () => refusal.Message.ShouldNotContain("secret.txt\":secret"));
        Content().ShouldBe(before);
        SqlLake.Rows(session, "SELECT symbol FROM ticks").ShouldBe(["EURUSD"]);
    }

    [Fact]
    public async Task Read_only_statements_are_allowed()
    {
        using var session = await _lake.OpenAsync();
        session.Seal();

        foreach (var query in (string[])["SELECT 1", "FROM ticks", "VALUES (1)", "WITH a AS (SELECT 1) FROM a", "DESCRIBE ticks",
            "SUMMARIZE quotes",
            "SHOW TABLES", "EXPLAIN SELECT * FROM ticks", "EXPLAIN ANALYZE SELECT 1", "SELECT 1 -- a comment", "SELECT 1;\n; "])
        {
            SqlLake.Rows(session, query).ShouldNotBeEmpty(query);
        }
    }

    private List<string> Content() =>
        [.. Directory.GetFiles(_lake.Root, "*", SearchOption.AllDirectories).Order().Select(path =>
            $"{path} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))}")];
}
