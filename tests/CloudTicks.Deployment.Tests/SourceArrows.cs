using System.Text.RegularExpressions;

namespace CloudTicks.Deployment.Tests;

/// <summary>What uses what, as the sources say it: in usings, and in names that are written out.</summary>
internal static partial class SourceArrows
{
    /// <summary>
    /// The arrows between the folders of a project, each named by its namespace behind the project's. A folder may use those above it, as
    /// C# permits without a using; files at the root of a project put its folders together and are not read.
    /// </summary>
    public static IReadOnlySet<(string From, string To)> BetweenFolders(string root, string project)
    {
        var files = Sources(root).Select(code => (Code: code, Folder: FolderOf(code, project)))
            .Where(file => file.Folder.Length > 0).ToList();
        var types = files.GroupBy(file => file.Folder).ToDictionary(
            folder => folder.Key,
            folder => folder.SelectMany(file => TypeNames().Matches(file.Code)).Select(match => match.Groups[1].Value).ToHashSet());
        return files.SelectMany(file => Used(file.Code, project, types).Select(used => (From: file.Folder, To: used)))
            .Where(arrow => !IsWithin(arrow.From, arrow.To)).ToHashSet();
    }

    /// <summary>The projects, out of those given, that the sources of another one name.</summary>
    public static IReadOnlySet<string> ToProjects(string root, IReadOnlyCollection<string> projects) =>
        Sources(root).SelectMany(code => FullNames().Matches(code))
            .Select(match => projects.Where(project => IsWithin(match.Value, project)).MaxBy(project => project.Length)).OfType<string>()
            .ToHashSet();

    /// <summary>The arrows that lie on a circle: their end leads back to their beginning.</summary>
    public static IReadOnlyList<(string From, string To)> OnCircles(IReadOnlySet<(string From, string To)> arrows)
    {
        var ends = arrows.ToLookup(arrow => arrow.From, arrow => arrow.To);
        return [.. arrows.Where(arrow => Reachable(arrow.To).Contains(arrow.From)).Order()];

        HashSet<string> Reachable(string from)
        {
            HashSet<string> reached = [from];
            Stack<string> open = new([from]);
            while (open.TryPop(out var next))
            {
                foreach (var end in ends[next].Where(reached.Add))
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

    private static IEnumerable<string> Used(string code, string project, Dictionary<string, HashSet<string>> types)
    {
        foreach (var name in FullNames().Matches(code).Select(match => match.Value))
        {
            if (types.Keys.Where(folder => IsWithin(name, $"{project}.{folder}")).MaxBy(folder => folder.Length) is { } folder)
            {
                yield return folder;
            }
        }

        // A folder's name before that of one of its types stands for a using too.
        foreach (var groups in RelativeNames().Matches(code).Select(match => match.Groups))
        {
            if (types.TryGetValue(groups[1].Value, out var declared) && declared.Contains(groups[2].Value))
            {
                yield return groups[1].Value;
            }
        }
    }

    private static bool IsWithin(string name, string space) => name == space || name.StartsWith($"{space}.", StringComparison.Ordinal);

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
