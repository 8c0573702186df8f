using System.Text.RegularExpressions;

namespace CloudTicks.Deployment.Tests;

/// <summary>
/// What stands in a Bicep file, as far as names go. Bicep's own compiler, which the workflow asks, knows the resources; this knows what the
/// programs read.
/// </summary>
internal sealed partial class BicepFile
{
    private const string Infra = "infra";

    private BicepFile(string path)
    {
        Path = path;
        Text = Repository.Text(path);
        Code = string.Join('\n', Text.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
        Parameters = [.. Parameter().Matches(Code).Select(match => new BicepParameter(
            match.Groups["name"].Value, match.Groups["type"].Value, match.Groups["default"].Success,
            match.Groups["decorators"].Value.Contains("@secure()", StringComparison.Ordinal)))];
        Outputs = [.. Output().Matches(Code).Select(match => match.Groups[1].Value)];
        Modules = [.. Module().Matches(Code).Select(match => new BicepModule(
            match.Groups[1].Value, System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, match.Groups[2].Value).Replace('\\', '/'),
            KeysOf("params", Code[match.Index..])))];
    }

    public static BicepFile Main { get; } = new("infra/main.bicep");

    public static IReadOnlyList<BicepFile> All { get; } = [.. Repository.Files(Infra, "*.bicep").Select(path => new BicepFile(path))];

    public string Path { get; }

    public string Text { get; }

    /// <summary>The text without its comments.</summary>
    public string Code { get; }

    public IReadOnlyList<BicepParameter> Parameters { get; }

    public IReadOnlyList<string> Outputs { get; }

    public IReadOnlyList<BicepModule> Modules { get; }

    public static BicepFile Of(string path) => All.Single(file => file.Path == path);

    public override string ToString() => Path;

    /// <summary>Values of a property of that name, where they are plain texts.</summary>
    public IEnumerable<string> Values(string property) =>
        Regex.Matches(Code, $@"\b{property}: '([^'$]*)'").Select(match => match.Groups[1].Value);

    /// <summary>The keys of the first object of that name.</summary>
    public static IReadOnlyList<string> KeysOf(string property, string code)
    {
        var start = code.IndexOf($"{property}: {{", StringComparison.Ordinal);
        if (start < 0)
        {
            return [];
        }

        var keys = new List<string>();
        var (depth, isText, begin) = (0, false, 0);
        for (var i = code.IndexOf('{', start); ; i++)
        {
            var letter = code[i];
            isText ^= letter == '\'';
            if (isText)
            {
                continue;
            }

            depth += letter is '{' or '[' or '(' ? 1 : letter is '}' or ']' or ')' ? -1 : 0;
            var ends = depth == 0 || (depth == 1 && letter is ',' or '\n');
            if (ends && Key().Match(code[begin..i]) is { Success: true } key)
            {
                keys.Add(key.Groups[1].Value);
            }

            if (depth == 0)
            {
                return keys;
            }

            if (depth == 1 && letter is '{' or ',' or '\n')
            {
                begin = i + 1;
            }
        }
    }

    [GeneratedRegex(@"^(?<decorators>(@.*\n)*)param (?<name>\w+) (?<type>\w+)(?<default> = .*)?$", RegexOptions.Multiline)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^output (\w+) ", RegexOptions.Multiline)]
    private static partial Regex Output();

    [GeneratedRegex(@"^module (\w+) '([^']+)'", RegexOptions.Multiline)]
    private static partial Regex Module();

    [GeneratedRegex(@"^\s*(\w+):")]
    private static partial Regex Key();
}

/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="HasDefault">Whether it need not be given.</param>
/// <param name="IsSecure">Whether it is kept out of logs.</param>
internal sealed record BicepParameter(string Name, string Type, bool HasDefault, bool IsSecure);

/// <param name="Name">The name by which its outputs are asked for.</param>
/// <param name="Path">The file.</param>
/// <param name="Given">The parameters that it gets.</param>
internal sealed record BicepModule(string Name, string Path, IReadOnlyList<string> Given);
