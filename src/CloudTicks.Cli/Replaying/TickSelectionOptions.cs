using System.CommandLine;
using System.CommandLine.Parsing;
using CloudTicks.Cli.Completing;
using CloudTicks.Replay;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.Cli.Replaying;

/// <summary>The options that select ticks of the archive, for replay, export and verify.</summary>
internal sealed class TickSelectionOptions(
    string from = "The start, inclusive: ISO 8601 (UTC if it has no offset) or Unix ms [default: the beginning]",
    string to = "The end, exclusive, in the same format [default: the end of the archive]")
{
    private readonly Option<long?> _from = Time("--from", from);

    private readonly Option<long?> _to = Time("--to", to);

    private readonly Option<SymbolFilter> _symbols =
        SymbolOption("Only these symbols, separated by blanks or commas; also patterns such as 'BTC-*'");

    private readonly Option<DirectoryInfo> _temporary = new("--temp")
    {
        Description = "The folder for sorting more ticks than memory holds, 60 bytes per tick [default: the system's temporary folder]",
        HelpName = "folder",
    };

    private readonly Option<DirectoryInfo> _capture = new("--from-capture")
    {
        Description = "Read files of Event Hubs Capture (Avro, copied from the storage account) instead of the event hub",
        HelpName = "folder",
    };

    public IReadOnlyList<Option> Options => [.. ArchiveOptions, _capture];

    public IReadOnlyList<Option> ArchiveOptions => [_from, _to, _symbols, _temporary];

    /// <summary>The folder of captured files; null to read the archive.</summary>
    public string? Capture(ParseResult result) => result.GetValue(_capture)?.FullName;

    public bool HasFrom(ParseResult result) => result.GetValue(_from) is not null;

    /// <summary>The requested times, Unix ms; null where not set.</summary>
    public (long? FromMs, long? ToMs) Times(ParseResult result) => (result.GetValue(_from), result.GetValue(_to));

    public TickSelection Selection(ParseResult result) => new()
    {
        FromMs = result.GetValue(_from) ?? long.MinValue,
        ToMs = result.GetValue(_to) ?? long.MaxValue,
        Symbols = result.GetValue(_symbols) ?? SymbolFilter.All,
    };

    public ReplayOptions SortingOptions(ParseResult result) =>
        result.GetValue(_temporary) is { } folder ? new ReplayOptions { Folder = folder.FullName } : new ReplayOptions();

    public void Check(CommandResult result)
    {
        if (ValueOf(result, _from) is { } from && ValueOf(result, _to) is { } to && to <= from)
        {
            result.AddError("--to must be later than --from: it is the exclusive end of the time range.");
        }
    }

    public static Option<SymbolFilter> SymbolOption(string description) => new("--symbols")
    {
        Description = description,
        HelpName = "name...",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = ParseSymbols,
        CompletionSources = { CompletedNames.SelectedSymbols },
    };

    public static SymbolFilter? ParseSymbols(ArgumentResult result)
    {
        var texts = SymbolText.Split(result.Tokens.Select(token => token.Value));
        if (texts.Length == 0)
        {
            // An empty list is a mistake, such as an empty shell variable. Without the option, all symbols are selected.
            result.AddError("--symbols names no symbol: omit it for all.");
            return null;
        }

        if (!SymbolFilter.TryParse(texts, out var filter, out var fault))
        {
            result.AddError(fault);
        }

        return filter;
    }

    /// <summary>The option's time, Unix ms; null if it is missing, or invalid, which the parser reports.</summary>
    private static long? ValueOf(CommandResult result, Option<long?> option) =>
        result.GetResult(option) is { Tokens: [var token, ..] } && TimeText.TryParse(token.Value, out var ms) ? ms : null;

    private static Option<long?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result =>
        {
            if (!TimeText.TryParse(result.Tokens[0].Value, out var ms))
            {
                result.AddError($"{name}: '{result.Tokens[0].Value}': {TimeText.Hint}");
            }

            return ms;
        },
    };
}
