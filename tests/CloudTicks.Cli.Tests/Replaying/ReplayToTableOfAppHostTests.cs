using System.Text.Json;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Verification.Places;
using Npgsql;

namespace CloudTicks.Cli.Tests.Replaying;

/// <summary>Replays into the table of a running AppHost whose servers are not named on the command line.</summary>
public sealed class ReplayToTableOfAppHostTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replay_uses_archive_and_table_of_the_running_AppHost()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AppendAsync(TestArchive.EurUsd, TickSource.Live, Enumerable.Range(0, 100));
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        using var appHostLock = FakeRunningAppHost(archive.Hub.BootstrapServers, database);

        var run = await CliRun.OfAsync(Environment(null), "replay", "--to-table", "--from", "1990-01-01", "--json");

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Number("stored").ShouldBe(100);
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancellation);
        await using var countRows = new NpgsqlCommand("SELECT count(*) FROM market_ticks", connection);
        (await countRows.ExecuteScalarAsync(Cancellation)).ShouldBe(100);
    }

    [Fact]
    public async Task Named_event_hub_is_not_mixed_with_the_table_of_AppHost()
    {
        await using var archive = await TestArchive.StartAsync();
        using var appHostLock = FakeRunningAppHost("127.0.0.1:1", await postgres.CreateDatabaseAsync(Cancellation));

        var run = await CliRun.OfAsync(Environment(archive.Hub.BootstrapServers), "replay", "--to-table", "--from", "1990-01-01");

        run.ExitCode.ShouldBe(2);
        run.Errors.ShouldContain("set ConnectionStrings__timescale");
    }

    private Dictionary<string, string?> Environment(string? eventHub) => new()
    {
        ["XDG_STATE_HOME"] = _folder.Path,
        ["ConnectionStrings__eventhubs"] = eventHub,
        ["ConnectionStrings__timescale"] = null,
    };

    /// <returns>The lock of the data folder, which marks AppHost as running.</returns>
    private FileStream FakeRunningAppHost(string eventHub, string database)
    {
        var settings = new NpgsqlConnectionStringBuilder(database);
        var passwordFile = _folder.File("pgpass");
        File.WriteAllText(passwordFile, $"*:*:*:*:{settings.Password}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var feed = Directory.CreateDirectory(_folder.File("data/simulated")).FullName;
        File.WriteAllText(Path.Combine(feed, RunningSystem.FileName), JsonSerializer.Serialize(new
        {
            feed = "simulated",
            collectors = (string[])["http://127.0.0.1:1/"],
            hub = "http://127.0.0.1:1/",
            event_hub = eventHub,
            database = new
            {
                host = settings.Host,
                port = settings.Port,
                name = settings.Database,
                user = settings.Username,
                password_file = passwordFile
            },
        }));
        Directory.CreateDirectory(_folder.File("cloudticks"));
        File.WriteAllText(_folder.File("cloudticks/apphost-data"), _folder.File("data"));
        return new FileStream(Path.Combine(feed, "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
    }
}
