using System.Globalization;
using System.Text.RegularExpressions;

namespace CloudTicks.Deployment.Tests;

/// <summary>The paths in docs/architecture.md exist in the source.</summary>
public sealed partial class ArchitectureTests
{
    private const int MaxFiles = 44;

    [Fact]
    public void Path_of_a_tick_names_few_existing_files_once_each()
    {
        var steps = Steps().Matches(Repository.Text("docs/architecture.md"));
        var files = steps.Select(step => step.Groups["file"].Value).ToArray();

        steps.Select(step => int.Parse(step.Groups["number"].Value, CultureInfo.InvariantCulture))
            .ShouldBe(Enumerable.Range(1, steps.Count));
        files.Length.ShouldBeInRange(30, MaxFiles);
        files.ShouldBeUnique();
        files.Where(file => !File.Exists(Repository.PathOf(file))).ShouldBeEmpty();
    }

    [Fact]
    public void Table_of_questions_names_folders_and_files_that_exist() =>
        Repository.Text("docs/architecture.md").Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(line => Paths().Matches(line)).Select(path => path.Groups["path"].Value)
            .Where(path => !Path.Exists(Repository.PathOf(path)))
            .ShouldBeEmpty();

    [GeneratedRegex(@"^(?<number>\d+)\. `(?<file>src/[^`]+\.cs)` ", RegexOptions.Multiline)]
    private static partial Regex Steps();

    [GeneratedRegex("`(?<path>(src|tests|infra|docs|AppHost|ServiceDefaults)(/[^`]+)?)`")]
    private static partial Regex Paths();
}
