namespace AppHost.Tests;

/// <summary>
/// The processes that AppHost starts have only the variables and rights that they need; only their user can read their data.
/// </summary>
[Collection("AppHost")]
public sealed class LeastPrivilegeTests(KeyedAppHost keyed) : IClassFixture<KeyedAppHost>
{
    private const int NobodyUserId = 65534;

    private IReadOnlyList<(string Command, int Process)> Children =>
        [.. LinuxProcesses.DescendantsOf(keyed.AppHost.ProcessId).Select(process => (LinuxProcesses.CommandOf(process), process))];

    [Theory]
    [InlineData(KeyedAppHost.FeedKey, "CloudTicks.Collector.dll")]
    [InlineData(KeyedAppHost.WriterKey, "CloudTicks.Functions.dll")]
    [InlineData(KeyedAppHost.ForeignSecret, null)]
    public void Secret_is_only_in_the_environment_of_its_service(string secret, string? program)
    {
        var children = Children;
        children.Count.ShouldBeGreaterThan(5);

        var secretHolders = children.Where(child => LinuxProcesses.EnvironmentOf(child.Process).Contains(secret, StringComparison.Ordinal))
            .Select(child => child.Command).ToList();

        if (program is null)
        {
            secretHolders.ShouldBeEmpty();
        }
        else
        {
            secretHolders.ShouldHaveSingleItem().ShouldEndWith(program + " ");
        }
    }

    [Fact]
    public void Third_party_server_gets_only_common_variables()
    {
        var nats = Children.Single(child => child.Command.Contains("nats-server", StringComparison.Ordinal));

        var names = LinuxProcesses.EnvironmentOf(nats.Process).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(variable => variable.Split('=')[0]);

        names.Where(name => !name.StartsWith("LC_", StringComparison.Ordinal))
            .Except(["PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TZDIR", "TMPDIR", "TMP", "TEMP"]).ShouldBeEmpty();
    }

    [Fact]
    public void Servers_started_by_root_run_as_unprivileged_users()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root starts a server as another user.");

        var users = Children.Where(
            child => child.Command.Contains("nats-server", StringComparison.Ordinal)
                || child.Command.Contains("/postgres ", StringComparison.Ordinal))
            // A process that PostgreSQL has just forked still has the command of its parent.
            .Select(child => (child.Command, User: LinuxProcesses.UserOf(child.Process))).Distinct()
            .Select(child => child.User).OfType<int>().ToList();

        users.Count.ShouldBe(2);
        users.ShouldBeUnique();
        users.ShouldNotContain(0);
        users.ShouldNotContain(NobodyUserId);
    }

    [Fact]
    public void Data_folders_of_every_version_are_private()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        string[] folders = [keyed.FeedFolder, .. Directory.GetDirectories(keyed.FeedFolder)];

        folders.Select(Path.GetFileName)
            .ShouldBeSubsetOf(["polygon", "eventhubs", "postgres", "nats", "collector", "central-hub", "central-hub-relay"]);
        folders.Length.ShouldBeGreaterThan(5);
        folders.Where(folder => (int)Mode(folder) != 0b111_000_000).ShouldBeEmpty();
        keyed.AppHost.Lines.ShouldContain(line => line.Contains("other users could read data folders", StringComparison.Ordinal)
            && line.Contains("polygon/eventhubs", StringComparison.Ordinal));
    }

    private static UnixFileMode Mode(string folder) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(folder);
}
