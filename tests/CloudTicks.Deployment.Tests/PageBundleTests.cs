using System.Diagnostics;
using System.Security.Cryptography;

namespace CloudTicks.Deployment.Tests;

/// <summary>
/// Checks that the dashboard's built files match their sources. The built files are committed, so that only developers who change the
/// sources need Node.js.
/// </summary>
public sealed class PageBundleTests
{
    private const string Web = "src/CloudTicks.Dashboard/web";
    private static readonly TimeSpan BuildTimeout = TimeSpan.FromMinutes(5);

    [Fact]
    public void Committed_page_is_built_from_the_current_sources()
    {
        var sources = Repository.Files(Web, "*").Select(path => path[(Web.Length + 1)..]).Where(IsSource)
            .Select(path => $"{path} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Repository.PathOf($"{Web}/{path}"))))}");

        Repository.Text($"{Web}/built-from.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(sources, ignoreOrder: true, "Build the page (npm run build in the web folder), and commit the changes.");
    }

    [Fact]
    public async Task Page_bundle_matches_its_sources()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(BuildTimeout);
        using var comparison = new Process
        {
            StartInfo = new("node", ["build.mjs", "--compare"])
            {
                WorkingDirectory = Repository.PathOf(Web),
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        try
        {
            comparison.Start();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("Node.js, which builds the page, is not installed.");
        }

        try
        {
            var output = comparison.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = comparison.StandardError.ReadToEndAsync(timeout.Token);
            await comparison.WaitForExitAsync(timeout.Token);
            comparison.ExitCode.ShouldBe(0, await output + await errors);
        }
        finally
        {
            comparison.Kill(entireProcessTree: true);
        }
    }

    private static bool IsSource(string path) =>
        path.StartsWith("src/", StringComparison.Ordinal)
        || path.StartsWith("styles/", StringComparison.Ordinal)
        || path is ".npmrc" or "index.html" or "icon.svg"
        || (!path.Contains('/') && Path.GetExtension(path) is ".mjs" or ".json");
}
