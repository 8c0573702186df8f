using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Cli.Usage;

/// <summary>Finds faults before anything runs: System.CommandLine would accept a misspelt option as a symbol.</summary>
internal static partial class CommandLineFaults
{
    /// <summary>The maximum length of an argument, except for a merge patch.</summary>
    private const int MaxCharacters = 32_768;

    /// <summary>The maximum length of a message, which may quote the argument.</summary>
    private const int MaxMessageLength = 1_000;

    private const string BidirectionalControls = "\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

    private static readonly string[] FreeText = ["--comment: ", "-m: "];

    /// <summary>Disables bundling, so that <c>-mm</c> is not parsed as <c>-m</c> with a value.</summary>
    public static ParserConfiguration Strict { get; } = new() { EnablePosixBundling = false };

    /// <summary>The faults; empty for a valid line.</summary>
    /// <param name="result">The command line as parsed by <see cref="Strict"/>.</param>
    public static IReadOnlyList<string> Of(ParseResult result, IReadOnlyList<string> args)
    {
        var place = PlaceOf(result.CommandResult);
        var options = OptionsOf(result.CommandResult);
        string[] names = [.. options.Where(option => !option.Hidden).Select(option => option.Name).Distinct()];
        string[] unknown = [.. UnknownOptions(result, args, options).Distinct()];
        // Skip faults that follow from an unknown option, such as its value being read as a symbol.
        string[] strange =
        [
            .. unknown, .. result.Tokens.Zip(result.Tokens.Skip(1))
                .Where(pair => unknown.Contains(pair.First.Value) && pair.Second.Type == TokenType.Argument)
                .Select(pair => pair.Second.Value),
        ];
        return
        [
            .. unknown.Select(text => OptionSpelling.Refusal(text, place, names)).Distinct().Concat(OtherFaults(result, options)
                .Where(sentence => !strange.Any(text => sentence.Contains($"'{text}'", StringComparison.Ordinal)))
                .Select(sentence => sentence.Length > MaxMessageLength ? $"{sentence[..MaxMessageLength]}..." : sentence).Distinct()),
        ];
    }

    private static IEnumerable<string> OtherFaults(ParseResult result, IReadOnlyList<Option> options) =>
        UnusableValueFaults(result).Concat(RepeatedOptionFaults(result.CommandResult)).Concat(EmptyValueFaults(result, options))
            .Concat(result.Errors.Select(error => ParseFailure().Replace(error.Message, Value)));

    /// <summary>Finds unknown options. Arguments after <c>--</c>, and values joined with <c>=</c>, may look like options.</summary>
    private static IEnumerable<string> UnknownOptions(ParseResult result, IReadOnlyList<string> args, IReadOnlyList<Option> options) =>
        result.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
        .Where(token => token.Type == TokenType.Argument && OptionSpelling.IsOption(token.Value) && !IsJoined(token.Value, args, options))
        .Select(token => token.Value);

    /// <summary>
    /// Finds values that are accepted only as free text: empty values of unset shell variables, bidirectional control characters, whole
    /// files.
    /// </summary>
    private static IEnumerable<string> UnusableValueFaults(ParseResult result)
    {
        foreach (var (at, token) in result.Tokens.Index().Where(one => one.Item.Type == TokenType.Argument))
        {
            var owner = at > 0 && result.Tokens[at - 1].Type == TokenType.Option ? $"{result.Tokens[at - 1].Value}: " : "";
            if (FreeText.Contains(owner))
            {
                continue;
            }

            if (string.IsNullOrWhiteSpace(token.Value))
            {
                yield return $"{owner}An argument is empty: is a shell variable not set?";
            }
            else if (token.Value.Any(BidirectionalControls.Contains))
            {
                yield return $"{owner}An argument contains a bidirectional control character, which makes it look like another one.";
            }
            else if (token.Value.Length > MaxCharacters && !token.Value.StartsWith('{'))
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{owner}An argument has {token.Value.Length:N0} characters (maximum {MaxCharacters:N0}).");
            }
        }
    }

    /// <summary>Replaces the library's message, which names the .NET type.</summary>
    private static string Value(Match match) => $"{match.Groups["name"].Value}: '{match.Groups["value"].Value}' is not a "
        + match.Groups["type"].Value switch
        {
            var type when type.Contains("Int", StringComparison.Ordinal) => "whole number, or out of range.",
            var type when type.Contains("Double", StringComparison.Ordinal) => "number such as 10 or 0.5.",
            var type when type.Contains("Boolean", StringComparison.Ordinal) => "boolean: use 'true' or 'false'.",
            var type when type.Contains("FileInfo", StringComparison.Ordinal) => "file.",
            var type when type.Contains("DirectoryInfo", StringComparison.Ordinal) => "folder.",
            _ => "valid value.",
        };

    [GeneratedRegex(
        "^Cannot parse argument '(?<value>.*)' for (?:option|command) '(?<name>[^']*)' as expected type '(?<type>[^']*)'\\.$",
        RegexOptions.Singleline)]
    private static partial Regex ParseFailure();

    private static bool IsJoined(string value, IReadOnlyList<string> args, IReadOnlyList<Option> options) =>
        !args.Contains(value) && args.Any(arg => arg.EndsWith($"={value}", StringComparison.Ordinal)
            && options.Any(option => IsNamed(option, arg[..^(value.Length + 1)])));

    private static IEnumerable<string> RepeatedOptionFaults(CommandResult command) => command.Children.OfType<OptionResult>()
        .Where(option => option.IdentifierTokenCount > 1 && option.Option.Arity.MaximumNumberOfValues <= 1)
        .Select(option => $"{option.Option.Name} is used {(option.IdentifierTokenCount == 2 ? "twice" : "several times")}.");

    /// <summary>The parser pools the values of a repeated option, so only the tokens show which occurrence has no value.</summary>
    private static IEnumerable<string> EmptyValueFaults(ParseResult result, IReadOnlyList<Option> options)
    {
        foreach (var (at, token) in result.Tokens.Index().Where(one => one.Item.Type == TokenType.Option))
        {
            var isFollowed = at + 1 < result.Tokens.Count && result.Tokens[at + 1].Type == TokenType.Argument;
            if (!isFollowed && options.Any(option => IsNamed(option, token.Value) && option.Arity.MinimumNumberOfValues > 0))
            {
                yield return $"{token.Value} needs a value.";
            }
        }
    }

    private static bool IsNamed(Option option, string name) => option.Name == name || option.Aliases.Contains(name);

    private static List<Option> OptionsOf(CommandResult? command)
    {
        var options = new List<Option>();
        for (var (at, isOwn) = (command, true); at is not null; (at, isOwn) = (at.Parent as CommandResult, false))
        {
            options.AddRange(at.Command.Options.Where(option => isOwn || option.Recursive));
        }

        return options;
    }

    private static string PlaceOf(CommandResult command)
    {
        var names = new List<string>();
        for (var at = command; at?.Parent is not null; at = at.Parent as CommandResult)
        {
            names.Insert(0, at.Command.Name);
        }

        return names.Count > 0 ? string.Join(' ', names) : command.Command.Name;
    }
}
