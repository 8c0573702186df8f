using System.Text.RegularExpressions;

namespace AppHost.Tests.Documents;

/// <summary>The fenced blocks of a page of Markdown.</summary>
internal sealed partial record Page(string Path, IReadOnlyList<Block> Blocks)
{
    /// <summary>The paths of README.md, of the README.md of benchmarks and examples, and of the pages in docs.</summary>
    public static IEnumerable<string> Paths =>
    [
        "README.md", "benchmarks/README.md", "examples/README.md",
        .. Directory.GetFiles(System.IO.Path.Combine(ProgramPath.RepositoryRoot, "docs"), "*.md")
            .Select(file => $"docs/{System.IO.Path.GetFileName(file)}").Order(StringComparer.Ordinal),
    ];

    public static Page Read(string path)
    {
        var text = File.ReadAllText(System.IO.Path.Combine(ProgramPath.RepositoryRoot, path)).ReplaceLineEndings("\n");
        var fences = Fence().Matches(text);
        var blocks = new List<Block>();
        for (var index = 0; index < fences.Count; index++)
        {
            var fence = fences[index];
            var end = fence.Index + fence.Length;
            var next = index + 1 < fences.Count && text[end..fences[index + 1].Index].Trim().Length == 0 ? fences[index + 1] : null;
            blocks.Add(new Block(
                text.AsSpan(0, fence.Index).Count('\n') + 1, fence.Groups["language"].Value, fence.Groups["text"].Value,
                next is not null && next.Groups["language"].Value is "json" or "text" or "csv" or "http"
                    ? (next!.Groups["language"].Value, next.Groups["text"].Value) : null));
        }

        return new Page(path, blocks);
    }

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<text>.*?)^```\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
