using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Cli.Usage;

/// <summary>Refuses unknown words before anything runs: System.CommandLine would take a misspelt option for a symbol.</summary>
internal static class CommandLineFaults
{
    /// <summary>Words are not taken apart: <c>-mm</c> is no <c>-m</c> with a value.</summary>
    public static ParserConfiguration Strict { get; } = new() { EnablePosixBundling = false };

    /// <summary>The sentences; empty when nothing is wrong.</summary>
    /// <param name="result">The command line as it was read by <see cref="Strict"/>.</param>
    public static IReadOnlyList<string> Of(ParseResult result, IReadOnlyList<string> args)
    {
        var place = PlaceOf(result.CommandResult);
        var options = OptionsOf(result.CommandResult);
        string[] names = [.. options.Where(option => !option.Hidden).Select(option => option.Name).Distinct()];
        string[] unknown = [.. Unknown(result, args, options).Select(text => OptionSpelling.Refusal(text, place, names)).Distinct()];
        // What else is wrong follows from it: the value of the unknown option is no symbol either.
        return unknown.Length > 0 ? unknown
            : [.. Repeated(result.CommandResult).Concat(Empty(result, options))
                .Concat(result.Errors.Select(error => error.Message)).Distinct()];
    }

    /// <summary>Behind <c>--</c> there are no options; a value that is joined to its option by <c>=</c> was meant so.</summary>
    private static IEnumerable<string> Unknown(ParseResult result, IReadOnlyList<string> args, IReadOnlyList<Option> options) =>
        result.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
        .Where(token => token.Type == TokenType.Argument && OptionSpelling.IsOption(token.Value) && !IsJoined(token.Value, args, options))
        .Select(token => token.Value);

    private static bool IsJoined(string value, IReadOnlyList<string> args, IReadOnlyList<Option> options) =>
        !args.Contains(value) && args.Any(arg => arg.EndsWith($"={value}", StringComparison.Ordinal)
            && options.Any(option => IsNamed(option, arg[..^(value.Length + 1)])));

    private static IEnumerable<string> Repeated(CommandResult command) => command.Children.OfType<OptionResult>()
        .Where(option => option.IdentifierTokenCount > 1 && option.Option.Arity.MaximumNumberOfValues <= 1)
        .Select(option => $"{option.Option.Name} is given {(option.IdentifierTokenCount == 2 ? "twice" : "several times")}.");

    /// <summary>An option that may be given again has its values together: one of them may be missing.</summary>
    private static IEnumerable<string> Empty(ParseResult result, IReadOnlyList<Option> options)
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
