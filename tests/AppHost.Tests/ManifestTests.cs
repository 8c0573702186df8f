using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AppHost.Tests;

/// <summary>
/// Compares AppHost's composition, as an Aspire manifest, with golden files. The CI workflow compares the manifest that Aspire writes with
/// the same files. After an intended change, <c>AppHost --print-manifest</c> prints the new content of the files.
/// </summary>
public sealed partial class ManifestTests
{
    private const string Key = "a-key-that-is-not-printed";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("simulated", "")]
    [InlineData("polygon", Key)]
    public async Task Manifest_equals_the_golden_file(string feed, string key)
    {
        var golden = await File.ReadAllTextAsync(
            Path.Combine(ProgramPath.RepositoryRoot, "tests", "AppHost.Tests", "Manifests", $"{feed}.json"), Cancellation);

        var printed = await PrintAsync(key);

        printed.ShouldBe(golden.ReplaceLineEndings("\n").TrimEnd());
        printed.ShouldNotContain(Key);
    }

    [Fact]
    public async Task Every_reference_leads_to_a_resource()
    {
        var printed = await PrintAsync(key: "");
        var resources = JsonNode.Parse(printed)!["resources"]!.AsObject().Select(resource => resource.Key).ToHashSet();

        Reference().Matches(printed).Select(match => match.Groups[1].Value).Distinct().ShouldBeSubsetOf(resources);
    }

    private static async Task<string> PrintAsync(string key)
    {
        var environment = new Dictionary<string, string?>
        {
            ["POLYGON_API_KEY"] = key,
            ["ConnectionStrings__timescale"] = "",
            ["ConnectionStrings__nats"] = "",
            ["ConnectionStrings__eventhubs"] = "",
        };
        await using var appHost = await AppHostProcess.StartAsync(["--print-manifest"], environment);
        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(0, appHost.ToString());
        Directory.EnumerateFileSystemEntries(appHost.DataFolder).ShouldBeEmpty();
        return appHost.ToString();
    }

    [GeneratedRegex(@"\{([a-z][a-z0-9-]*)\.")]
    private static partial Regex Reference();
}
