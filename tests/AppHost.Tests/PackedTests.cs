using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;

namespace AppHost.Tests;

/// <summary>
/// Tests the tool package, which <c>packed.sh</c> installs in a clean home to run up, status, logs, open, down, two systems at once, and
/// kill -9. The self-contained archives take minutes to build: release.yml tests them with the same script.
/// </summary>
[Collection("AppHost")]
public sealed class PackedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tool_package_works_in_a_clean_home()
    {
        using var folder = new TemporaryFolder();
        await RunAsync("eng/pack", "--tool", "--no-build", "--output", folder.Path);
        await RunAsync("tests/AppHost.Tests/packed.sh", Directory.GetFiles(folder.Path, "*.nupkg").ShouldHaveSingleItem());
    }

    private static async Task RunAsync(string script, params string[] arguments)
    {
        var lines = new List<string>();
        var cacheFolder = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is ['/', ..] set
            ? set : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var code = await ChildProcess.RunAsync(
            new ChildProcessOptions
            {
                FileName = "bash",
                Arguments = [Path.Combine(ProgramPath.RepositoryRoot, script), .. arguments],
                Inherited = ChildVariables.All,
                Environment = new Dictionary<string, string?>
                {
                    ["DOTNET_ROOT"] = Path.GetDirectoryName(DotNetProgram.Command),
                    // The cache with the servers that other tests have downloaded.
                    ["XDG_CACHE_HOME"] = cacheFolder,
                },
                OnOutput = Add,
                OnError = Add,
            },
            Cancellation);

        code.ShouldBe(0, string.Join('\n', lines));

        void Add(string line)
        {
            lock (lines)
            {
                lines.Add(line);
            }
        }
    }
}
