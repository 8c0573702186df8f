using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>What is wrong with a setting, in sentences for the operator: the framework speaks of binders, types and members.</summary>
public static partial class SettingProblem
{
    private const string PortSentence =
        "Another program listens on $1 already. Stop it, or choose another address with --urls (ASPNETCORE_URLS).";

    private const string UnknownSentence = "The section $1 has no setting $2; docs/configuration.md lists all.";
    private static readonly Dictionary<string, string> NoOptions = [];

    /// <summary>The sentences of a failure to read or validate settings; of any other failure its message.</summary>
    /// <param name="options">By setting, the option that the user typed for it; what is not here is named as in the environment.</param>
    public static IReadOnlyList<string> Sentences(Exception problem, IReadOnlyDictionary<string, string>? options = null) =>
    [
        .. Plain(problem, options ?? NoOptions).Select(
            sentence => Setting().Replace(sentence, match => Typed(match.Value, options ?? NoOptions))),
    ];

    private static IEnumerable<string> Plain(Exception problem, IReadOnlyDictionary<string, string> options) =>
        problem switch
        {
            OptionsValidationException validation => validation.Failures.Select(
                failure => OutOfRange().Replace(failure, match => $"{Member(match.Groups[1].Value, options)} {match.Groups[2]}")),
            SocketException socket =>
                [$"The service cannot listen on its address: {socket.Message}. Choose another with --urls (ASPNETCORE_URLS)."],
            _ => [NoValue().Replace(Unknown().Replace(TakenPort().Replace(problem.Message, PortSentence), UnknownSentence), Value)],
        };

    /// <summary>The option of a setting whose section the framework does not name.</summary>
    private static string Member(string name, IReadOnlyDictionary<string, string> options) =>
        options.FirstOrDefault(option => option.Key.EndsWith($":{name}", StringComparison.Ordinal)).Value ?? $"The setting {name}";

    private static string Typed(string setting, IReadOnlyDictionary<string, string> options) =>
        options.TryGetValue(setting, out var option) ? option
        : Array.Find([$"--{setting}", Short(setting)], IsTyped) ?? setting.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>The short option that a program may have for a setting: <c>--health-port</c> of EventHub:HealthPort.</summary>
    private static string Short(string setting) =>
        $"-{Capital().Replace(setting[(setting.LastIndexOf(':') + 1)..], "-$0").ToLowerInvariant()}";

    private static bool IsTyped(string option) => Environment.GetCommandLineArgs().Any(
        argument => argument.Split('=')[0].Equals(option, StringComparison.OrdinalIgnoreCase));

    private static string Value(Match match) =>
        $"{match.Groups["name"]} is '{match.Groups["value"]}', which is {Misfit(match.Groups["type"].Value)}.";

    private static string Misfit(string type) => type switch
    {
        "System.Int32" or "System.Int64" => "no whole number that fits",
        "System.Double" or "System.Decimal" => "no number",
        "System.TimeSpan" => "no time such as 500ms, 2s or 00:00:02",
        "System.Boolean" => "no 'true' or 'false'",
        "System.Uri" => "no address",
        _ when Names(type) is { Length: > 0 } names => $"none of {string.Join(", ", names).ToLowerInvariant()}",
        _ => "nothing that this setting takes",
    };

    private static string[] Names(string type) =>
        AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(type))
            .FirstOrDefault(found => found is { IsEnum: true }) is { } choice ? Enum.GetNames(choice) : [];

    [GeneratedRegex(@"(?<![\w/:.'-])[A-Z][A-Za-z]+(?::[A-Za-z][A-Za-z0-9]*)+")]
    private static partial Regex Setting();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    [GeneratedRegex(@"^DataAnnotation validation failed for '\w+' members: '(\w+)' with the error: 'The field \w+ (.*)'\.$")]
    private static partial Regex OutOfRange();

    [GeneratedRegex(@"^Failed to bind to address (\S+): address already in use\.$")]
    private static partial Regex TakenPort();

    [GeneratedRegex(@"^'ErrorOnUnknownConfiguration' was set .* instance of (?:\w+\.)*(\w+?)(?:Options)?: (.*)$")]
    private static partial Regex Unknown();

    [GeneratedRegex(
        @"^Failed to convert configuration value '(?<value>.*)' at '(?<name>[^']*)' to type "
            + @"'(?:System\.Nullable`1\[)?(?<type>[\w.+]+)[^']*'\.$")]
    private static partial Regex NoValue();
}
