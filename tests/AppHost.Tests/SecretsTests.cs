using System.Text;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;
using Npgsql;

namespace AppHost.Tests;

/// <summary>Keys and passwords appear in no line that a part logs, at any log level, and in no file of the data folder.</summary>
public sealed class SecretsTests
{
    private const string Canary = "canaryVGhpcyBpcyBhIHNlY3JldA";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--log-level", "DEBUG")]
    [InlineData("--log-level", "DEBUG", "--log-json")]
    public async Task Key_and_passwords_are_in_no_line_and_no_file(params string[] lines)
    {
        await using var timescale = await OwnTimescale.StartAsync(Cancellation);
        await using var nats = await NatsFixture.StartClusterAsync(nodes: 1, Cancellation);
        var port = FreePort.Choose();
        await using var feed = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [ProgramPath.Simulator],
            Environment = new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}" },
        });
        var environment = new Dictionary<string, string?>
        {
            ["POLYGON_API_KEY"] = Canary + "1",
            ["Polygon__Endpoint"] = $"ws://127.0.0.1:{port}",
            ["ConnectionStrings__timescale"] = await WithRoleAsync(timescale.ConnectionString, Canary + "2"),
            ["ConnectionStrings__nats"] = nats.Url.Replace("nats://", $"nats://publisher:{Canary}3@", StringComparison.Ordinal),
        };

        await using var appHost = await AppHostProcess.StartAsync(["--for", "2s", "--symbols", "EURUSD", "--json", .. lines], environment);

        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(0, appHost.ToString());
        appHost.Lines.ShouldContain(line => line.Contains("DEBUG", StringComparison.Ordinal));
        appHost.Lines.ShouldContain(line => line.Contains("Connected to Polygon.io", StringComparison.Ordinal));
        appHost.Lines.ShouldAllBe(line => !line.Contains(Canary, StringComparison.Ordinal));
        var files = Directory.GetFiles(appHost.DataFolder, "*", SearchOption.AllDirectories);
        files.ShouldNotBeEmpty();
        foreach (var file in files)
        {
            (await File.ReadAllBytesAsync(file, Cancellation)).AsSpan().IndexOf(Encoding.ASCII.GetBytes(Canary)).ShouldBe(-1, file);
        }
    }

    [Fact]
    public async Task Wrong_key_ends_the_start_with_a_remedy_and_without_the_key()
    {
        var port = FreePort.Choose();
        await using var feed = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [ProgramPath.Simulator],
            Environment =
                new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}", ["Simulator__ApiKey"] = "right" },
        });

        await using var appHost = await AppHostProcess.StartAsync(
            ["--symbols", "EURUSD"], new() { ["POLYGON_API_KEY"] = Canary, ["Polygon__Endpoint"] = $"ws://127.0.0.1:{port}" });

        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(2, appHost.ToString());
        appHost.Lines.Last().ShouldMatch("^error .* ERROR Polygon refused the forex feed: authentication failed. Check POLYGON_API_KEY");
        appHost.Lines.ShouldAllBe(line => !line.Contains(Canary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unknown_level_is_refused_with_the_four_names()
    {
        await using var appHost = await AppHostProcess.StartAsync("--log-level", "LOUD");

        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(2);
        appHost.Lines.ShouldContain(line => line.Contains("DEBUG, INFO, WARNING, ERROR", StringComparison.Ordinal));
        Directory.EnumerateFileSystemEntries(appHost.DataFolder).ShouldBeEmpty();
    }

    private static async Task<string> WithRoleAsync(string connection, string password)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var createRole = database.CreateCommand($"CREATE ROLE keeper SUPERUSER LOGIN PASSWORD '{password}'");
        await createRole.ExecuteNonQueryAsync(Cancellation);
        return new NpgsqlConnectionStringBuilder(connection) { Username = "keeper", Password = password, Passfile = null }.ConnectionString;
    }
}
