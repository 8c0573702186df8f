using System.Diagnostics;
using System.Text.RegularExpressions;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests.Configuring;

/// <summary>The examples in docs/services.md for programs in other languages, executed unchanged.</summary>
public sealed partial class FollowingExampleTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestSystem _system = null!;
    private HubClient _hub = null!;
    private string _address = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _system = await TestSystem.StartAsync(postgres);
        var functions = await _system.StartFunctionsAsync();
        await functions.UntilHealthAsync(200);
        _address = (await functions.AddressAsync()).Authority;
        _hub = new HubClient(await functions.AddressAsync(), isPatient: true);
    }

    public async ValueTask DisposeAsync()
    {
        _hub.Dispose();
        await _system.DisposeAsync();
    }

    [Fact]
    public async Task Service_is_registered_by_curl_and_followed_by_python()
    {
        Assert.SkipWhen(Which("curl") is null || Which("python3") is null, "curl or python3 is not installed.");
        using var folder = new TemporaryFolder();
        var page = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "services.md"), Cancellation);

        using var shell = Start("bash", ["-e", "-c", Block(page, "sh", "curl")], folder.Path);
        var output = await shell.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = await shell.StandardError.ReadToEndAsync(Cancellation);
        await shell.WaitForExitAsync(Cancellation);
        shell.ExitCode.ShouldBe(0, errors);
        output.ShouldContain("\"state\":\"registered\"");
        output.ShouldContain("Config-Version: 1");
        output.ShouldContain("\"service\":\"mailer\"");

        using var python = Start("python3", ["-u", "-c", Block(page, "python", "urllib")], folder.Path);
        try
        {
            (await python.StandardOutput.ReadLineAsync(Cancellation)).ShouldBe("""1 {"letters": 50, "smtp": {"host": "localhost"}}""");
            (await _hub.PostAsync("/mailer", """{"letters":51}""")).Is(System.Net.HttpStatusCode.OK);
            (await python.StandardOutput.ReadLineAsync(Cancellation)).ShouldBe("""2 {"letters": 51, "smtp": {"host": "localhost"}}""");
            await _system.UntilAsync(async () => (await _hub.GetAsync("/../services")).Text.Contains(
                $"-{python.Id}\",\"version\":2,\"state\":\"following\"", StringComparison.Ordinal) ? null : "it has not reported");
        }
        finally
        {
            python.Kill();
        }
    }

    private Process Start(string program, IEnumerable<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            Environment = { ["CLOUDTICKS_HUB"] = _address, ["NO_PROXY"] = "127.0.0.1", ["no_proxy"] = "127.0.0.1" },
        };
        start.Environment.Remove("CLOUDTICKS_HUB_KEY");
        return Process.Start(start)!;
    }

    private static string? Which(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Returns the first example of a language that contains a text.</summary>
    private static string Block(string page, string language, string text) => Fence().Matches(page)
        .First(block => block.Groups["language"].Value == language && block.Groups["text"].Value.Contains(text, StringComparison.Ordinal))
        .Groups["text"].Value;

    [GeneratedRegex(@"^```(?<language>\w+)\r?\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
