using System.Runtime.InteropServices;
using Npgsql;

namespace AppHost.Tests;

/// <summary>
/// Signals, kills and restarts of the processes. The tests run one AppHost at a time, because a second AppHost would prefer the same ports.
/// </summary>
[Collection("AppHost")]
public sealed class ProcessLifeTests
{
    // Longer than the documented 5 s, because this machine may be busy.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_AppHost_leaves_no_orphan_and_restarts_on_its_data()
    {
        await using var first = await AppHostProcess.StartAsync("--rate", "500");
        await WaitUntilAllRunsAsync(first);
        var rows = await WaitForRowsAsync(first, atLeast: 1);
        var children = LinuxProcesses.DescendantsOf(first.ProcessId);
        children.Count.ShouldBeGreaterThan(5);

        first.Kill();

        (await LinuxProcesses.StillRunningAfterAsync(MaxWait, children, Cancellation)).ShouldBeEmpty();
        await using var second = await AppHostProcess.StartAsync(["--rate", "500"], [], first.DataFolder);
        await WaitUntilAllRunsAsync(second);
        (await WaitForRowsAsync(second, atLeast: rows + 1)).ShouldBeGreaterThan(rows);
    }

    [Fact]
    public async Task Killing_dotnet_run_also_ends_AppHost_and_its_children()
    {
        await using var appHost = await AppHostProcess.StartByDotNetRunAsync("--rate", "500");
        await WaitUntilAllRunsAsync(appHost);
        var descendants = LinuxProcesses.DescendantsOf(appHost.ProcessId);
        descendants.Count.ShouldBeGreaterThan(6);

        appHost.Kill();

        (await LinuxProcesses.StillRunningAfterAsync(MaxWait, descendants, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_AppHosts_started_at_the_same_moment_both_run()
    {
        var appHosts = await Task.WhenAll(AppHostProcess.StartAsync("--rate", "500"), AppHostProcess.StartAsync("--rate", "500"));
        await using var first = appHosts[0];
        await using var second = appHosts[1];

        await Task.WhenAll(WaitUntilAllRunsAsync(first), WaitUntilAllRunsAsync(second));

        await Task.WhenAll(WaitForRowsAsync(first, atLeast: 1), WaitForRowsAsync(second, atLeast: 1));
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public async Task Signal_drains_and_stops_everything(PosixSignal signal)
    {
        await using var appHost = await AppHostProcess.StartAsync("--rate", "500");
        await WaitUntilAllRunsAsync(appHost);
        await WaitForRowsAsync(appHost, atLeast: 1);
        var children = LinuxProcesses.DescendantsOf(appHost.ProcessId);

        (await appHost.StopAsync(signal)).ShouldBe(0, appHost.ToString());

        (await LinuxProcesses.StillRunningAfterAsync(MaxWait, children, Cancellation)).ShouldBeEmpty();
        appHost.Lines.ShouldContain(
            line => AppHostProcess.IsOf(line, "collector") && line.Contains("The collector stopped:", StringComparison.Ordinal));
    }

    private static Task<string> WaitUntilAllRunsAsync(AppHostProcess appHost) =>
        appHost.WaitForLineAsync(line => line.Contains("everything is running", StringComparison.Ordinal), Cancellation);

    /// <summary>Counts the rows until there are enough, in the database of the psql command that AppHost prints.</summary>
    private static async Task<long> WaitForRowsAsync(AppHostProcess appHost, long atLeast)
    {
        var line = await appHost.WaitForLineAsync(printed => printed.Contains("PGPASSFILE=", StringComparison.Ordinal), Cancellation);
        var words = line.Split(' ');
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = words[Array.IndexOf(words, "-h") + 1],
            Port = int.Parse(words[Array.IndexOf(words, "-p") + 1]),
            Username = words[Array.IndexOf(words, "-U") + 1],
            Database = words[^1],
            Passfile = words.Single(word => word.StartsWith("PGPASSFILE=", StringComparison.Ordinal)).Split('\'')[1],
            Pooling = false,
        };
        await using var database = NpgsqlDataSource.Create(settings);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            await using var countRows = database.CreateCommand("SELECT count(*) FROM market_ticks");
            if ((long)(await countRows.ExecuteScalarAsync(Cancellation))! is var rows && rows >= atLeast)
            {
                return rows;
            }

            await timer.WaitForNextTickAsync(Cancellation);
        }
    }
}
