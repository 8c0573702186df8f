using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>What is wrong with a setting, in sentences for whoever set it: the framework speaks of binders, types and members.</summary>
public static partial class SettingProblem
{
    /// <summary>The sentences of a failure to read or validate settings; of any other failure its message.</summary>
    /// <param name="problem">What building or starting a host threw.</param>
    /// <returns>At least one sentence.</returns>
    public static IReadOnlyList<string> Sentences(Exception problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem is OptionsValidationException validation
            ? [.. validation.Failures.Select(failure => OutOfRange().Replace(failure, "The setting $1 $2"))]
            : [NoValue().Replace(Unknown().Replace(problem.Message, "The section $1 has no setting $2; docs/configuration.md lists all."), Value)];
    }

    private static string Value(Match match) => $"{match.Groups["name"]} is '{match.Groups["value"]}', which is no {Kind(match.Groups["type"].Value)}.";

    private static string Kind(string type) => type switch
    {
        "Int32" or "Int64" => "whole number that fits",
        "TimeSpan" => "time such as 00:00:05",
        "Boolean" => "'true' or 'false'",
        _ => type,
    };

    [GeneratedRegex(@"^DataAnnotation validation failed for '\w+' members: '(\w+)' with the error: 'The field \w+ (.*)'\.$")]
    private static partial Regex OutOfRange();

    [GeneratedRegex(@"^'ErrorOnUnknownConfiguration' was set .* instance of (?:\w+\.)*(\w+?)(?:Options)?: (.*)$")]
    private static partial Regex Unknown();

    [GeneratedRegex(@"^Failed to convert configuration value '(?<value>.*)' at '(?<name>[^']*)' to type '(?:[\w`.\[]+\.)?(?<type>\w+)[^']*'\.$")]
    private static partial Regex NoValue();
}
