using System.Text.RegularExpressions;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// How users write the settings of this process: as an option, as a field of the central hub's document, or as an environment variable.
/// Messages use these names, not section and member names.
/// </summary>
/// <param name="names">Maps each setting to its option or field.</param>
public sealed partial class SettingNames(IReadOnlyDictionary<string, string> names)
{
    private static readonly string[] Arguments = [.. Environment.GetCommandLineArgs().Select(argument => argument.Split('=')[0])];

    /// <summary>The names for a process without options or fields for its settings.</summary>
    public static SettingNames Plain { get; } = new(new Dictionary<string, string>());

    /// <summary>Replaces the section and member names of settings in a text with the names that users write.</summary>
    public string ReplaceIn(string text) =>
        text.Contains(':', StringComparison.Ordinal) ? Setting().Replace(text, match => Of(match.Value)) : text;

    /// <summary>The name of a setting of which only the last part is known.</summary>
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

    /// <summary>The short option that a program may have for a setting: <c>--health-port</c> for EventHub:HealthPort.</summary>
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
