using System.Text.RegularExpressions;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// How a person has written the settings of this process: by an option, by a field of the central hub's document, or by a variable of the
/// environment. Sentences name them so, and not by section and member.
/// </summary>
/// <param name="names">By setting, the option or field that stands for it.</param>
public sealed partial class SettingNames(IReadOnlyDictionary<string, string> names)
{
    private static readonly string[] Arguments = [.. Environment.GetCommandLineArgs().Select(argument => argument.Split('=')[0])];

    /// <summary>Of a process without options or fields of its own for settings.</summary>
    public static SettingNames Plain { get; } = new(new Dictionary<string, string>());

    /// <summary>A text with its settings named so.</summary>
    public string In(string text) =>
        text.Contains(':', StringComparison.Ordinal) ? Setting().Replace(text, match => Of(match.Value)) : text;

    /// <summary>The name of a setting of which the last part is known.</summary>
    public string OfMember(string member) =>
        names.FirstOrDefault(name => name.Key.EndsWith($":{member}", StringComparison.Ordinal)).Value
        ?? Array.Find(Arguments, argument => IsOption(argument, member))
        ?? Environment.GetEnvironmentVariables().Keys.OfType<string>()
            .FirstOrDefault(variable => variable.EndsWith($"__{member}", StringComparison.OrdinalIgnoreCase))
        ?? member;

    private string Of(string setting) =>
        names.TryGetValue(setting, out var name) ? name
        : Array.Find([$"--{setting}", Short(setting)], option => Arguments.Contains(option, StringComparer.OrdinalIgnoreCase))
            ?? setting.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>The short option that a program may have for a setting: <c>--health-port</c> of EventHub:HealthPort.</summary>
    private static string Short(string setting) =>
        $"-{Capital().Replace(setting[(setting.LastIndexOf(':') + 1)..], "-$0").ToLowerInvariant()}";

    private static bool IsOption(string argument, string member) => argument.StartsWith("--", StringComparison.Ordinal)
        && (argument.EndsWith($":{member}", StringComparison.OrdinalIgnoreCase)
            || argument.Equals(Short(member), StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"(?<![\w/:.'-])[A-Z][A-Za-z]+(?::[A-Za-z][A-Za-z0-9]*)+")]
    private static partial Regex Setting();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
