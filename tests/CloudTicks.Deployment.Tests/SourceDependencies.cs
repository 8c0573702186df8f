using System.Text.RegularExpressions;

namespace CloudTicks.Deployment.Tests;

/// <summary>Dependencies in the sources: usings, and names that are written out.</summary>
internal static partial class SourceDependencies
{
    /// <summary>
    /// Dependencies between a project's folders. A folder is named by its namespace without the project's prefix. Uses of parent folders
    /// are left out, because C# allows them without a using. Files at the project's root wire its folders together and are not read.
    /// </summary>
    public static IReadOnlySet<(string From, string To)> BetweenFolders(string root, string project)
    {
        var files = Sources(root).Select(code => (Code: code, Folder: FolderOf(code, project)))
            .Where(file => file.Folder.Length > 0).ToList();
        var types = files.GroupBy(file => file.Folder).ToDictionary(
            folder => folder.Key,
            folder => folder.SelectMany(file => TypeNames().Matches(file.Code)).Select(match => match.Groups[1].Value).ToHashSet());
        return files.SelectMany(file => DependenciesOf(file.Code, project, types).Select(used => (From: file.Folder, To: used)))
            .Where(dependency => !IsWithin(dependency.From, dependency.To)).ToHashSet();
    }

    /// <summary>Which of the given projects another project's sources refer to.</summary>
    public static IReadOnlySet<string> ToProjects(string root, IReadOnlyCollection<string> projects) =>
        Sources(root).SelectMany(code => FullNames().Matches(code))
            .Select(match => projects.Where(project => IsWithin(match.Value, project)).MaxBy(project => project.Length)).OfType<string>()
            .ToHashSet();

    /// <summary>The dependencies that are part of a cycle.</summary>
    public static IReadOnlyList<(string From, string To)> InCycles(IReadOnlySet<(string From, string To)> dependencies)
    {
        var targets = dependencies.ToLookup(dependency => dependency.From, dependency => dependency.To);
        return [.. dependencies.Where(dependency => Reachable(dependency.To).Contains(dependency.From)).Order()];

        HashSet<string> Reachable(string from)
        {
            HashSet<string> reached = [from];
            Stack<string> open = new([from]);
            while (open.TryPop(out var next))
            {
                foreach (var end in targets[next].Where(reached.Add))
                {
                    open.Push(end);
                }
            }

            return reached;
        }
    }

    private static IEnumerable<string> Sources(string root) =>
        Repository.Files(root, "*.cs").Select(path => Texts().Replace(Comments().Replace(Repository.Text(path), ""), "\"\""));

    private static string FolderOf(string code, string project) =>
        Namespace().Match(code).Groups[1].Value is var name && name.StartsWith($"{project}.", StringComparison.Ordinal)
            ? name[(project.Length + 1)..] : "";

    private static IEnumerable<string> DependenciesOf(string code, string project, Dictionary<string, HashSet<string>> types)
    {
        foreach (var name in FullNames().Matches(code).Select(match => match.Value))
        {
            if (types.Keys.Where(folder => IsWithin(name, $"{project}.{folder}")).MaxBy(folder => folder.Length) is { } folder)
            {
                yield return folder;
            }
        }

        // A folder's name before the name of one of its types also counts as a using.
        foreach (var groups in RelativeNames().Matches(code).Select(match => match.Groups))
        {
            if (types.TryGetValue(groups[1].Value, out var declared) && declared.Contains(groups[2].Value))
            {
                yield return groups[1].Value;
            }
        }
    }

    private static bool IsWithin(string name, string parent) => name == parent || name.StartsWith($"{parent}.", StringComparison.Ordinal);

    [GeneratedRegex(@"(?m)^namespace ([\w.]+);")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\b(?:class|struct|record|enum|interface) ([A-Z]\w*)")]
    private static partial Regex TypeNames();

    [GeneratedRegex(@"(?<![\w.])(?:CloudTicks|ServiceDefaults)(?:\.[A-Z]\w*)*")]
    private static partial Regex FullNames();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w*)\.([A-Z]\w*)")]
    private static partial Regex RelativeNames();

    [GeneratedRegex(@"(?m)^\s*//.*$")]
    private static partial Regex Comments();

    [GeneratedRegex(@"""[^""\r\n]*""")]
    private static partial Regex Texts();
}
