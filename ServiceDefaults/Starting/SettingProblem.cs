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

    /// <summary>The sentences of a failure to read or validate settings; of any other failure its message.</summary>
    public static IReadOnlyList<string> Sentences(Exception problem) =>
        problem switch
        {
            OptionsValidationException validation =>
                [.. validation.Failures.Select(failure => OutOfRange().Replace(failure, "The setting $1 $2"))],
            SocketException socket =>
                [$"The service cannot listen on its address: {socket.Message}. Choose another with --urls (ASPNETCORE_URLS)."],
            _ => [NoValue().Replace(Unknown().Replace(TakenPort().Replace(problem.Message, PortSentence), UnknownSentence), Value)],
        };

    private static string Value(Match match) =>
        $"{match.Groups["name"]} is '{match.Groups["value"]}', which is no {Kind(match.Groups["type"].Value)}.";

    private static string Kind(string type) => type switch
    {
        "Int32" or "Int64" => "whole number that fits",
        "TimeSpan" => "time such as 00:00:05",
        "Boolean" => "'true' or 'false'",
        _ => type,
    };

    [GeneratedRegex(@"^DataAnnotation validation failed for '\w+' members: '(\w+)' with the error: 'The field \w+ (.*)'\.$")]
    private static partial Regex OutOfRange();

    [GeneratedRegex(@"^Failed to bind to address (\S+): address already in use\.$")]
    private static partial Regex TakenPort();

    [GeneratedRegex(@"^'ErrorOnUnknownConfiguration' was set .* instance of (?:\w+\.)*(\w+?)(?:Options)?: (.*)$")]
    private static partial Regex Unknown();

    [GeneratedRegex(
        @"^Failed to convert configuration value '(?<value>.*)' at '(?<name>[^']*)' to type '(?:[\w`.\[]+\.)?(?<type>\w+)[^']*'\.$")]
    private static partial Regex NoValue();
}
