using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>Describes an invalid setting for the operator; the framework's messages are about binders, types and members.</summary>
public static partial class SettingProblem
{
    private const string PortMessage =
        "Another program is already listening on $1. Stop it, or choose another address with --urls (ASPNETCORE_URLS).";

    /// <summary>The messages for invalid settings, or for an address that is in use; for any other failure its own message.</summary>
    public static IReadOnlyList<string> Describe(Exception problem, SettingNames? names = null)
    {
        var settingNames = names ?? SettingNames.Plain;
        return [.. Plain(problem, settingNames).Select(settingNames.ReplaceIn)];
    }

    private static IEnumerable<string> Plain(Exception problem, SettingNames names) => problem switch
    {
        AggregateException all => all.InnerExceptions.SelectMany(one => Plain(one, names)),
        OptionsValidationException validation => validation.Failures.Select(failure => OutOfRange().Replace(
            failure,
            match => $"{names.OfMember(match.Groups["member"].Value)} {Time().Replace(match.Groups["what"].Value, TimeText)}")),
        SocketException socket =>
            [$"The service cannot listen on its address: {socket.Message}. Choose another with --urls (ASPNETCORE_URLS)."],
        _ =>
        [
            NoValue().Replace(
                Unknown().Replace(TakenPort().Replace(problem.Message, PortMessage), match => Unknown(match, names)), Value),
        ],
    };

    private static string TimeText(Match match) =>
        TimeSetting.Text(TimeSpan.Parse(match.Value, CultureInfo.InvariantCulture));

    private static string Unknown(Match match, SettingNames names)
    {
        var known = Find(match.Groups["type"].Value)?.GetProperties().Select(property => property.Name).ToArray() ?? [];
        return string.Join(' ', match.Groups["names"].Value.Split(", ").Select(name => name.Trim('\'')).Select(name =>
            $"{names.OfMember(name)} is not a setting"
            + $"{(OptionSpelling.Nearest(name, known) is { } near ? $"; did you mean {near}?" : ".")} docs/configuration.md lists all."));
    }

    private static string Value(Match match) =>
        $"{match.Groups["name"]} is '{match.Groups["value"]}', which is {Explain(match.Groups["type"].Value)}.";

    private static string Explain(string type) => type switch
    {
        "System.Int32" or "System.Int64" => "not a whole number in range",
        "System.Double" or "System.Decimal" => "not a number",
        "System.TimeSpan" => "not a time such as 500ms, 2s or 00:00:02",
        "System.Boolean" => "not 'true' or 'false'",
        "System.Uri" => "not an address",
        _ when Find(type) is { IsEnum: true } choice => $"not one of {Choices(Enum.GetNames(choice))}",
        _ => "not a valid value for this setting",
    };

    private static string Choices(string[] names) =>
        $"{string.Join(", ", names[..^1])} or {names[^1]}".ToLowerInvariant();

    private static Type? Find(string type) =>
        AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(type)).FirstOrDefault(found => found is not null);

    [GeneratedRegex(
        @"^DataAnnotation validation failed for '\w+' members: '(?<member>\w+)' with the error: 'The field \w+ (?<what>.*)'\.$")]
    private static partial Regex OutOfRange();

    [GeneratedRegex(@"(?:\d+\.)?\d\d:\d\d:\d\d(?:\.\d+)?")]
    private static partial Regex Time();

    [GeneratedRegex(@"^Failed to bind to address (\S+): address already in use\.$")]
    private static partial Regex TakenPort();

    [GeneratedRegex(@"^'ErrorOnUnknownConfiguration' was set .* instance of (?<type>[\w.+]+): (?<names>.*)$")]
    private static partial Regex Unknown();

    [GeneratedRegex(
        @"^Failed to convert configuration value '(?<value>.*)' at '(?<name>[^']*)' to type "
            + @"'(?:System\.Nullable`1\[)?(?<type>[\w.+]+)[^']*'\.$")]
    private static partial Regex NoValue();
}
