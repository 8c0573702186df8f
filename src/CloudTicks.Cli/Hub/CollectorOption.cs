using System.CommandLine;
using System.CommandLine.Parsing;

namespace CloudTicks.Cli.Hub;

/// <summary><c>--collector</c>: a collector's host and port; the same option in every command.</summary>
internal sealed class CollectorOption
{
    public const string Name = "--collector";

    private readonly Option<Uri[]> _option;
    private readonly Option<Uri[]>? _oldOption;

    /// <param name="oldName">The option's old name, which scripts may still use and help does not show; null if there is none.</param>
    public CollectorOption(string description, bool several = false, string? oldName = null)
    {
        _option = Create(Name, several, description);
        _oldOption = oldName is null ? null : Create(oldName, several, description);
        if (_oldOption is not null)
        {
            _oldOption.Hidden = true;
        }
    }

    public void AddTo(Command command)
    {
        command.Add(_option);
        if (_oldOption is null)
        {
            return;
        }

        command.Add(_oldOption);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_option) is { Implicit: false } && result.GetResult(_oldOption) is { Implicit: false })
            {
                result.AddError($"{_oldOption.Name} is the old name of {Name}: use only one of them.");
            }
        });
    }

    /// <summary>The addresses; empty without the option.</summary>
    public Uri[] Read(ParseResult result) =>
        result.GetValue(_option) is { Length: > 0 } addresses ? addresses : _oldOption is null ? [] : result.GetValue(_oldOption) ?? [];

    /// <summary>Parses addresses separated by spaces or commas.</summary>
    public static Uri[]? ParseAll(ArgumentResult result)
    {
        var all = result.Tokens.SelectMany(
            token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(text => Parse(result, text)).ToArray();
        return Array.TrueForAll(all, address => address is not null) ? [.. all.OfType<Uri>()] : null;
    }

    public static Uri? Parse(ArgumentResult result, string text)
    {
        var address = HubOptions.Parse(text);
        if (address is null)
        {
            result.AddError($"'{text}' is not host:port.");
        }

        return address;
    }

    private static Option<Uri[]> Create(string name, bool several, string description) => new(name)
    {
        Description = description,
        HelpName = several ? "host:port..." : "host:port",
        AllowMultipleArgumentsPerToken = several,
        Arity = several ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne,
        CustomParser = several ? ParseAll : result => Parse(result, result.Tokens[0].Value) is { } address ? [address] : null,
    };
}
