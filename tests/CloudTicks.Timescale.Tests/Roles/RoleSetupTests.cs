using CloudTicks.TestServices;
using CloudTicks.Timescale.Roles;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Timescale.Tests.Roles;

/// <summary>Sets up roles on separate servers, because all databases of a server share its roles.</summary>
public sealed class RoleSetupTests : IAsyncLifetime
{
    private OwnPostgres _postgres = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _postgres = await OwnPostgres.StartAsync(null, Cancellation);

    public async ValueTask DisposeAsync() => await _postgres.DisposeAsync();

    [Fact]
    public async Task Databases_of_a_server_can_be_migrated_concurrently()
    {
        var databases = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(number => _postgres.Server.CreateDatabaseAsync($"many_{number}", Cancellation)));

        await Task.WhenAll(databases.Select(database => MigrateAsync(Sources(database))));

        foreach (var database in databases)
        {
            await using var sources = Sources(database);
            (await UsersAsync(sources)).ShouldBe(("cloudticks_owner", "cloudticks_writer", "cloudticks_reader"));
        }
    }

    [Fact]
    public async Task Older_database_gets_the_roles_and_keeps_its_ticks()
    {
        var database = await _postgres.Server.CreateDatabaseAsync("older", Cancellation);
        await using var source = NpgsqlDataSource.Create(database);
        await new SchemaMigrator(source, TimeProvider.System, NullLogger<SchemaMigrator>.Instance, [.. Migration.All.Take(4)])
            .MigrateAsync(Cancellation);
        await ExecuteAsync(
            source,
            """
            INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, tick_hash, received_ms) VALUES ('EURUSD', 1, 'forex', 'quote', 'live', 1, 1)
            """);
        await using var sources = Sources(database);
        // A connection opened before the migration, such as that of an older program, has the login's rights.
        (await UserAsync(sources.Writer)).ShouldBe("postgres");

        await MigrateAsync(sources);

        (await UsersAsync(sources)).ShouldBe(("cloudticks_owner", "cloudticks_writer", "cloudticks_reader"));
        await using var reading = await sources.Reader.OpenAsync(Cancellation);
        await using var count = new NpgsqlCommand("SELECT count(*) FROM market_ticks WHERE timestamp_ms < 10", reading);
        (await count.ExecuteScalarAsync(Cancellation)).ShouldBe(1L);
        await ExecuteAsync(sources.Owner, "SELECT drop_chunks('market_ticks', older_than => 3600000)");
    }

    [Fact]
    public async Task Login_without_createrole_keeps_its_rights_and_logs_advice()
    {
        var database = await DatabaseOfAsync("CREATE ROLE plain LOGIN PASSWORD 'p'", "plain");
        var log = new LogRecorder<SchemaMigrator>();
        await using var sources = Sources(database);
        var migrator = new SchemaMigrator(sources.Owner, TimeProvider.System, log, sources);

        await migrator.MigrateAsync(Cancellation);
        await migrator.MigrateAsync(Cancellation);

        (await UsersAsync(sources)).ShouldBe(("plain", "plain", "plain"));
        await ExecuteAsync(sources.Writer, "INSERT INTO stream_offsets VALUES ('timescale', 's', 't', 0, 7)");
        var line = log.Lines.Where(line => line.Contains("cannot be set up", StringComparison.Ordinal)).ShouldHaveSingleItem();
        var advice = line[line.IndexOf("CREATE ROLE", StringComparison.Ordinal)..(line.LastIndexOf(';') + 1)];
        await using (var superuser = NpgsqlDataSource.Create(_postgres.Server.GetConnectionString("postgres")))
        {
            await ExecuteAsync(superuser, advice);
        }

        await MigrateAsync(sources);
        (await UsersAsync(sources)).ShouldBe(("cloudticks_owner", "cloudticks_writer", "cloudticks_reader"));
    }

    [Fact]
    public async Task Separate_logins_get_only_their_role()
    {
        var owner = await DatabaseOfAsync(
            "CREATE ROLE admin LOGIN CREATEROLE PASSWORD 'p'; CREATE ROLE writing LOGIN PASSWORD 'p'; CREATE ROLE looking LOGIN PASSWORD "
                + "'p'", "admin");
        await using var sources = new DatabaseSources(DatabaseConnections.Parse(name => ConnectionStringFor(owner, name switch
        {
            "timescale" => "writing",
            "timescale_reader" => "looking",
            _ => "admin",
        })));

        await MigrateAsync(sources);

        (await UsersAsync(sources)).ShouldBe(("cloudticks_owner", "cloudticks_writer", "cloudticks_reader"));
        await using var writerSource = NpgsqlDataSource.Create(ConnectionStringFor(owner, "writing"));
        (await RefusalAsync(writerSource, "SET ROLE cloudticks_owner")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await RefusalAsync(writerSource, "DROP TABLE market_ticks")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        await using var readerSource = NpgsqlDataSource.Create(ConnectionStringFor(owner, "looking"));
        (await RefusalAsync(readerSource, "SET ROLE cloudticks_writer")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await RefusalAsync(readerSource, "SELECT hash FROM access_keys")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    private static DatabaseSources Sources(string database) =>
        new(DatabaseConnections.Parse(name => name == "timescale" ? database : null));

    private static string ConnectionStringFor(string database, string login) =>
        new NpgsqlConnectionStringBuilder(database) { Username = login, Password = "p" }.ConnectionString;

    private static Task MigrateAsync(DatabaseSources sources) =>
        new SchemaMigrator(sources.Owner, TimeProvider.System, NullLogger<SchemaMigrator>.Instance, sources).MigrateAsync(Cancellation);

    /// <summary>Creates logins, and a database that one of them owns and that has the extension.</summary>
    private async Task<string> DatabaseOfAsync(string logins, string owner)
    {
        var database = await _postgres.Server.CreateDatabaseAsync("theirs", Cancellation);
        await using var superuser = NpgsqlDataSource.Create(database);
        await ExecuteAsync(superuser, $"{logins}; CREATE EXTENSION timescaledb; ALTER DATABASE theirs OWNER TO {owner}");
        return ConnectionStringFor(database, owner);
    }

    private static async Task<(string Owner, string Writer, string Reader)> UsersAsync(DatabaseSources sources)
    {
        await using var reading = await sources.Reader.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("SELECT current_user::text", reading);
        return (await UserAsync(sources.Owner), await UserAsync(sources.Writer), (string)(await command.ExecuteScalarAsync(Cancellation))!);
    }

    private static async Task<string> UserAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("SELECT current_user::text");
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<string?> RefusalAsync(NpgsqlDataSource source, string sql) =>
        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(source, sql))).SqlState;
}
