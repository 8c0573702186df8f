using System.Text.RegularExpressions;

namespace CloudTicks.Deployment.Tests;

/// <summary>The tests that docs/reliability.md names exist in the source.</summary>
public sealed partial class ReliabilityTests
{
    [Fact]
    public void Every_test_that_the_page_names_is_in_the_source()
    {
        var namedTests = Named().Matches(Repository.Text("docs/reliability.md"));

        namedTests.Count.ShouldBeGreaterThan(50);
        namedTests.Where(test => !IsInSource(test.Groups["project"].Value, test.Groups["class"].Value, test.Groups["method"].Value))
            .Select(test => test.Value).Distinct().ShouldBeEmpty();
    }

    private static bool IsInSource(string project, string @class, string method) =>
        FoldersOf(project).SelectMany(folder => Repository.Files(folder, $"{@class}.cs")).Select(Repository.Text)
            .Any(text => Regex.IsMatch(text, $@"\bclass {@class}\b") && Regex.IsMatch(text, $@"\b(?:Task|void) {method}\("));

    private static IEnumerable<string> FoldersOf(string project)
    {
        string[] folders = [$"tests/CloudTicks.{project}.Tests", $"tests/{project}.Tests", $"tests/CloudTicks.{project}"];
        return folders.Where(folder => Directory.Exists(Repository.PathOf(folder)));
    }

    [GeneratedRegex(@"`(?<project>[A-Z]\w*(?:\.[A-Z]\w*)?)/(?<class>[A-Z]\w+)\.(?<method>[A-Z]\w+)`")]
    private static partial Regex Named();
}
