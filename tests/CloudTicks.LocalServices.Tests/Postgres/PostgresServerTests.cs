using System.Runtime.Versioning;
using CloudTicks.LocalServices.Postgres;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;
using Npgsql;

namespace CloudTicks.LocalServices.Tests.Postgres;

public sealed class PostgresServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Server_loads_timescaledb_and_commits_durably()
    {
        await using var server = await StartAsync();
        var database = await server.CreateDatabaseAsync("settings", TestContext.Current.CancellationToken);

        await ExecuteAsync(database,
            "CREATE EXTENSION timescaledb; CREATE TABLE t (at bigint NOT NULL); SELECT create_hypertable('t', by_range('at', 3600000))");

        (await ReadAsync(database,
            "SELECT current_setting('fsync') || current_setting('synchronous_commit') || current_setting('track_commit_timestamp')"))
            .ShouldBe("ononon");
        (await ReadAsync(database, "SELECT current_setting('timescaledb.telemetry_level') || current_setting('listen_addresses')"))
            .ShouldBe("off127.0.0.1");
    }

    [Fact]
    public async Task Restart_keeps_the_data_and_the_password()
    {
        string before;
        await using (var server = await StartAsync())
        {
            before = await server.CreateDatabaseAsync("kept", TestContext.Current.CancellationToken);
            (OperatingSystem.IsWindows() || File.GetUnixFileMode(server.PasswordFile) == (UnixFileMode.UserRead | UnixFileMode.UserWrite))
                .ShouldBeTrue();
            await ExecuteAsync(before, "CREATE TABLE t AS SELECT 42 AS answer");
            (await server.StopAsync()).ShouldBe(0);
        }

        await using var again = await StartAsync();
        (await ReadAsync(again.GetConnectionString("kept"), "SELECT answer FROM t")).ShouldBe(42);
        new NpgsqlConnectionStringBuilder(again.GetConnectionString("kept")).Password.ShouldBe(
            new NpgsqlConnectionStringBuilder(before).Password);
    }

    [Fact]
    public async Task Killed_server_restarts_with_every_committed_row()
    {
        var first = await StartAsync();
        var database = await first.CreateDatabaseAsync("killed", TestContext.Current.CancellationToken);
        await ExecuteAsync(database, "CREATE TABLE t AS SELECT g FROM generate_series(1, 1000) g");
        await using var openConnection = new NpgsqlConnection(database); // its backend outlives the killed main process for a moment
        await openConnection.OpenAsync(TestContext.Current.CancellationToken);
        first.Kill();

        await using var second = await StartAsync();

        (await ReadAsync(second.GetConnectionString("killed"), "SELECT count(*) FROM t")).ShouldBe(1000L);
        (await first.Exited).ShouldBe(128 + 9);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Server_starts_when_another_process_has_its_old_id()
    {
        await using (var server = await StartAsync())
        {
            await server.StopAsync();
        }

        // After kill -9, the id may belong to another running process: here to the test process.
        await File.WriteAllTextAsync(
            _folder.File("data/postmaster.pid"), $"{Environment.ProcessId}\n", TestContext.Current.CancellationToken);

        await using var again = await StartAsync();
        again.Exited.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Second_server_on_the_same_folder_is_rejected()
    {
        await using var server = await StartAsync();

        var exception = await Should.ThrowAsync<InvalidOperationException>(async () => await StartAsync());

        exception.Message.ShouldStartWith($"PostgreSQL is already running in {server.DataFolder}");
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task Root_creates_files_of_the_user_who_owns_the_folder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root starts a server as another user");
        const uint daemon = 1;
        var closedFolder = Directory.CreateDirectory(
            _folder.File("closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var usersFolder = closedFolder.CreateSubdirectory("users").FullName;
        LibC.ChangeOwner(usersFolder, daemon, daemon);
        var dataFolder = Path.Combine(usersFolder, ".cloudticks", "timescale");

        await using (var server = await PostgresServer.StartAsync(
            await TestInstallation.GetAsync(), new PostgresServerOptions { DataFolder = dataFolder, SharedBuffersMegabytes = 32 },
            TestContext.Current.CancellationToken))
        {
            await server.CreateDatabaseAsync("made", TestContext.Current.CancellationToken);
        }

        Directory.EnumerateFileSystemEntries(usersFolder, "*", SearchOption.AllDirectories).Where(path => LibC.OwnerOf(path).Uid != daemon)
            .ShouldBeEmpty();
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task Root_changes_the_owner_from_nobody_to_a_dedicated_user()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root starts a server as another user");
        await using (await StartAsync())
        {
            // The start creates the data folder; the code below then sets the owner that an earlier version used.
        }

        var dataFolder = _folder.File("data");
        var newUid = LibC.OwnerOf(dataFolder).Uid;
        new ServiceAccount(ServiceAccount.Nobody, ServiceAccount.Nobody, PassesClosedFolders: false).TakeOver(dataFolder);
        var notices = new List<string>();

        await using var server = await PostgresServer.StartAsync(
            await TestInstallation.GetAsync(),
            new PostgresServerOptions { DataFolder = dataFolder, SharedBuffersMegabytes = 32, OnNotice = notices.Add },
            TestContext.Current.CancellationToken);

        newUid.ShouldNotBeOneOf(0u, ServiceAccount.Nobody);
        notices.ShouldHaveSingleItem().ShouldContain($"is now user {newUid}");
        LibC.OwnerOf($"/proc/{server.Pid}").Uid.ShouldBe(newUid);
        await server.StopAsync(); // a running server creates and deletes files meanwhile
        Directory.EnumerateFileSystemEntries(dataFolder, "*", SearchOption.AllDirectories).Where(path => LibC.OwnerOf(path).Uid != newUid)
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Folder_with_other_files_is_not_changed()
    {
        Directory.CreateDirectory(_folder.File("data"));
        await File.WriteAllTextAsync(_folder.File("data/thesis.txt"), "text", TestContext.Current.CancellationToken);

        var exception = await Should.ThrowAsync<InvalidOperationException>(async () => await StartAsync());

        exception.Message.ShouldContain("not PostgreSQL's");
        File.Exists(_folder.File("data/thesis.txt")).ShouldBeTrue();
    }

    [Fact]
    public async Task Connection_without_the_password_is_rejected()
    {
        await using var server = await StartAsync();
        var guess = new NpgsqlConnectionStringBuilder(server.GetConnectionString("postgres")) { Password = "postgres" }.ConnectionString;

        var exception = await Should.ThrowAsync<PostgresException>(async () => await ReadAsync(guess, "SELECT 1"));

        exception.SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
        new FileInfo(server.PasswordFile).UnixFileMode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Port_in_use_is_named()
    {
        await using var server = await StartAsync();

        var exception = await Should.ThrowAsync<InvalidOperationException>(async () => await PostgresServer.StartAsync(
            await TestInstallation.GetAsync(), new PostgresServerOptions { DataFolder = _folder.File("other"), Port = server.Port }));

        exception.Message.ShouldContain($"port {server.Port}");
        exception.Message.ShouldContain("Address already in use");
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<object?> ReadAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private async Task<PostgresServer> StartAsync() => await PostgresServer.StartAsync(
        await TestInstallation.GetAsync(),
        new PostgresServerOptions { DataFolder = _folder.File("data"), SharedBuffersMegabytes = 32, MaxWalMegabytes = 128 },
        TestContext.Current.CancellationToken);
}
