using System.Text.RegularExpressions;

namespace CloudTicks.Deployment.Tests;

/// <summary>
/// The declarations of a Bicep file, by name. The Bicep compiler, which the CI workflow runs, checks the resources; the tests compare the
/// declarations with what the programs read.
/// </summary>
internal sealed partial class BicepFile
{
    private const string InfraFolder = "infra";

    private BicepFile(string path)
    {
        Path = path;
        Text = Repository.Text(path);
        Code = string.Join('\n', Text.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
        Parameters = [.. Parameter().Matches(Code).Select(match => new BicepParameter(
            match.Groups["name"].Value, match.Groups["type"].Value, match.Groups["default"].Success,
            match.Groups["decorators"].Value.Contains("@secure()", StringComparison.Ordinal)))];
        OutputTypes = Output().Matches(Code).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        Variables = Variable().Matches(Code).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        Modules = [.. Module().Matches(Code).Select(match => new BicepModule(
            match.Groups[1].Value, System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, match.Groups[2].Value).Replace('\\', '/'),
            ValueOf("name", MembersAt(match.Index)), MembersOf("params", Code[match.Index..])))];
        Resources = [.. Resource().Matches(Code).Select(match => new BicepResource(
            match.Groups["symbol"].Value, match.Groups["type"].Value, match.Groups["version"].Value, match.Groups["existing"].Success,
            match.Groups["loop"].Success, ValueOf("parent", MembersAt(match.Index)), ValueOf("name", MembersAt(match.Index))))];
    }

    public static BicepFile Main { get; } = new("infra/main.bicep");

    public static IReadOnlyList<BicepFile> All { get; } = [.. Repository.Files(InfraFolder, "*.bicep").Select(path => new BicepFile(path))];

    public string Path { get; }

    public string Text { get; }

    /// <summary>The text without the lines that are comments.</summary>
    public string Code { get; }

    public IReadOnlyList<BicepParameter> Parameters { get; }

    public IEnumerable<string> Outputs => OutputTypes.Keys;

    public IReadOnlyDictionary<string, string> OutputTypes { get; }

    /// <summary>The first line of each variable's value.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    public IReadOnlyList<BicepResource> Resources { get; }

    public IReadOnlyList<BicepModule> Modules { get; }

    public static BicepFile Of(string path) => All.Single(file => file.Path == path);

    public override string ToString() => Path;

    /// <summary>The literal values of all properties with the given name.</summary>
    public IEnumerable<string> Values(string property) =>
        Regex.Matches(Code, $@"\b{property}: '([^'$]*)'").Select(match => match.Groups[1].Value);

    /// <summary>The keys of the first object with the given name.</summary>
    public static IReadOnlyList<string> KeysOf(string property, string code) => [.. MembersOf(property, code).Select(member => member.Key)];

    /// <summary>The members of the first object with the given name; values as written.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> MembersOf(string property, string code)
    {
        var start = code.IndexOf($"{property}: {{", StringComparison.Ordinal);
        return start < 0 ? [] : Members(code, start);
    }

    private static string? ValueOf(string key, List<KeyValuePair<string, string>> members) =>
        members.FirstOrDefault(member => member.Key == key).Value;

    private List<KeyValuePair<string, string>> MembersAt(int start) => Members(Code, start);

    /// <summary>The members of the first object after a position.</summary>
    private static List<KeyValuePair<string, string>> Members(string code, int start)
    {
        var members = new List<KeyValuePair<string, string>>();
        var (depth, isText, begin) = (0, false, 0);
        for (var i = code.IndexOf('{', start); ; i++)
        {
            var character = code[i];
            isText ^= character == '\'';
            if (isText)
            {
                continue;
            }

            depth += character is '{' or '[' or '(' ? 1 : character is '}' or ']' or ')' ? -1 : 0;
            var isMemberEnd = depth == 0 || (depth == 1 && character is ',' or '\n');
            if (isMemberEnd && Key().Match(code[begin..i]) is { Success: true } key)
            {
                members.Add(new(key.Groups[1].Value, code[(begin + key.Length)..i].Trim()));
            }

            if (depth == 0)
            {
                return members;
            }

            if (depth == 1 && character is '{' or ',' or '\n')
            {
                begin = i + 1;
            }
        }
    }

    [GeneratedRegex(@"^(?<decorators>(@.*\n)*)param (?<name>\w+) (?<type>\w+)(?<default> = .*)?$", RegexOptions.Multiline)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^output (\w+) (\w+) = ", RegexOptions.Multiline)]
    private static partial Regex Output();

    [GeneratedRegex(@"^var (\w+) = (.*)$", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(
        @"^resource (?<symbol>\w+) '(?<type>[\w./]+)@(?<version>[\w-]+)' (?<existing>existing )?= (?<loop>\[for)?", RegexOptions.Multiline)]
    private static partial Regex Resource();

    [GeneratedRegex(@"^module (\w+) '([^']+)'", RegexOptions.Multiline)]
    private static partial Regex Module();

    [GeneratedRegex(@"^\s*(\w+):")]
    private static partial Regex Key();
}

/// <param name="Name">The parameter's name.</param>
/// <param name="Type">The parameter's type.</param>
/// <param name="HasDefault">Whether the parameter is optional.</param>
/// <param name="IsSecure">Whether the parameter's value is kept out of logs.</param>
internal sealed record BicepParameter(string Name, string Type, bool HasDefault, bool IsSecure);

/// <param name="Name">The symbol by which the module's outputs are referenced.</param>
/// <param name="Path">The path of the module's file.</param>
/// <param name="DeploymentName">The name of its deployment, as written.</param>
/// <param name="Parameters">The parameters that it receives, with their values.</param>
internal sealed record BicepModule(
    string Name, string Path, string? DeploymentName, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    public IEnumerable<string> ParameterNames => Parameters.Select(parameter => parameter.Key);
}

/// <param name="Symbol">The symbolic name in the file.</param>
/// <param name="Type">The resource type, such as <c>Microsoft.KeyVault/vaults</c>.</param>
/// <param name="Version">The API version.</param>
/// <param name="IsExisting">Whether it is declared as <c>existing</c>.</param>
/// <param name="IsLoop">Whether it is a loop.</param>
/// <param name="Parent">The parent's symbolic name; null if there is none.</param>
/// <param name="Name">The name, as written.</param>
internal sealed record BicepResource(
    string Symbol, string Type, string Version, bool IsExisting, bool IsLoop, string? Parent, string? Name);
