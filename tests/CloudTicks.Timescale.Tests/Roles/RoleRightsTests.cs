using CloudTicks.TestServices;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Timescale.Tests.Roles;

/// <summary>
/// Tests the statements that each role may not execute. The other tests run in these roles, and so cover what each role may do.
/// </summary>
public class RoleRightsTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("INSERT INTO stream_offsets VALUES ('timescale', 's', 't', 0, 7)")]
    [InlineData("UPDATE market_ticks SET bid = 0")]
    [InlineData("DELETE FROM market_ticks")]
    [InlineData("TRUNCATE market_ticks")]
    [InlineData("DROP TABLE market_ticks")]
    [InlineData("SELECT drop_chunks('market_ticks', older_than => 9000000000000)")]
    [InlineData("SELECT hash FROM access_keys")]
    [InlineData("SELECT * FROM config_versions")]
    [InlineData("SELECT * FROM audit_log")]
    [InlineData("CREATE TABLE own (a int)")]
    [InlineData("CREATE TEMPORARY TABLE own (a int)")]
    public async Task Reader_may_not_execute(string sql)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var connection = await database.Sources.Reader.OpenAsync(Cancellation);

        // The reader can turn off read-only mode, so only its privileges protect the tables.
        await using var disableReadOnly = new NpgsqlCommand("SET default_transaction_read_only = off", connection);
        await disableReadOnly.ExecuteNonQueryAsync(Cancellation);
        (await RefusalAsync(connection, sql)).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Theory]
    [InlineData("UPDATE market_ticks SET bid = 0")]
    [InlineData("DELETE FROM market_ticks")]
    [InlineData("TRUNCATE market_ticks")]
    [InlineData("DROP TABLE market_ticks")]
    [InlineData("ALTER TABLE market_ticks ADD COLUMN a int")]
    [InlineData("CREATE INDEX ON market_ticks (symbol)")]
    [InlineData("SELECT drop_chunks('market_ticks', older_than => 9000000000000)")]
    [InlineData("CREATE TABLE own (a int)")]
    [InlineData("UPDATE access_keys SET hash = 'x'")]
    [InlineData("DELETE FROM access_keys")]
    [InlineData("UPDATE audit_log SET author = 'x'")]
    [InlineData("DELETE FROM config_versions")]
    [InlineData("UPDATE schema_migrations SET checksum = 'x'")]
    public async Task Writer_may_not_execute(string sql)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var connection = await database.Sources.Writer.OpenConnectionAsync(Cancellation);

        (await RefusalAsync(connection, sql)).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Theory]
    [InlineData("CREATE ROLE another")]
    [InlineData("CREATE DATABASE another")]
    [InlineData("DROP EXTENSION timescaledb CASCADE")]
    [InlineData("SELECT pg_read_file('postgresql.conf')")]
    [InlineData("COPY market_ticks TO PROGRAM 'cat'")]
    [InlineData("ALTER SYSTEM SET fsync = off")]
    public async Task Owner_may_not_execute(string sql)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var connection = await database.Sources.Owner.OpenConnectionAsync(Cancellation);

        (await RefusalAsync(connection, sql)).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Connection_keeps_its_role_in_the_pool()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var sessions = new List<string>();

        for (var use = 0; use < 3; use++)
        {
            await using var connection = await database.Sources.Writer.OpenConnectionAsync(Cancellation);
            await using var command = new NpgsqlCommand("SELECT pg_backend_pid() || ' ' || current_user", connection);
            sessions.Add((string)(await command.ExecuteScalarAsync(Cancellation))!);
        }

        sessions.Distinct().ShouldHaveSingleItem().ShouldEndWith(" cloudticks_writer");
    }

    [Fact]
    public async Task Recreated_table_has_its_rights()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync("DROP TABLE market_ticks");

        await database.Migrator().MigrateAsync(Cancellation);
        await new DroppedTable(database.Sources.Owner, NullLogger<DroppedTable>.Instance).RestoreAsync(Cancellation);

        (await database.QueryAsync<bool>(
            """
            SELECT has_table_privilege('cloudticks_writer', 'market_ticks', 'INSERT') AND has_table_privilege('cloudticks_reader', 'market_ticks', 'SELECT')
                AND relowner = 'cloudticks_owner'::regrole FROM pg_class WHERE oid = 'market_ticks'::regclass
            """)).ShouldBeTrue();
    }

    [Fact]
    public async Task Revoked_right_is_restored()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync("REVOKE INSERT ON feed_gaps FROM cloudticks_writer");

        await database.Migrator().MigrateAsync(Cancellation);

        (await database.QueryAsync<bool>("SELECT has_table_privilege('cloudticks_writer', 'feed_gaps', 'INSERT')")).ShouldBeTrue();
    }

    private static async Task<string?> RefusalAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation))).SqlState;
    }
}
