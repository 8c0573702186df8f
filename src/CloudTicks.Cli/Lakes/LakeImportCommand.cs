using System.CommandLine;
using System.CommandLine.Parsing;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sql;
using CloudTicks.Lake.Importing;
using CloudTicks.Ticks;

namespace CloudTicks.Cli.Lakes;

/// <summary><c>cloudticks lake import</c>: imports historical ticks from files into the lake.</summary>
internal static class LakeImportCommand
{
    private static readonly string Description = $"""
        Add ticks from files to the lake: LEAN's tick files, Polygon's flat files, CSV and Parquet. LakeTicks may write at the same time.

        LEAN's files are recognised by their names (20140508_eurusd_tick_quote.csv), Polygon's flat files and others by the names of their
        columns. --map names the columns of any other file. The fields are: {ImportSettings.Fields}.
        A tick that the lake already has, by its identity, is skipped, so a file can be imported again, also after kill -9.
        A file with a line that is not a tick is refused as a whole, unless --skip-bad is given. Files may be compressed (.gz, .zip with one
        .csv). Prices are imported exactly as written. Times without a zone are UTC, unless --time-zone names another.
        Exit code: 0 done; 1 a file is refused or damaged, or the lake could not be read or written, and the files before it stay imported;
        2 wrong usage, or a file or a library was not found; 130 stopped, added ticks stay.

        Examples:
          cloudticks lake import 20140508_quote.zip 2024-01-02.csv.gz
          cloudticks lake import --symbol EURUSD --map time=ts,bid=b,ask=a --time-zone Europe/Berlin eurusd.csv --dry-run
          cloudticks lake import --no-header --map time=1,bid=2,ask=3 --symbol EURUSD --time-format 'yyyyMMdd HHmmssfff' DAT_ASCII.csv
        """;

    private static readonly Argument<FileInfo[]> Files = new("file") { Description = "The files", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<string[]> Map = new("--map")
    {
        Description = "The column of each field; an empty column (bid_size=) means that the file has no such field",
        HelpName = "field=column,...",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> Symbol = new("--symbol") { Description = "The symbol of all ticks", HelpName = "name" };

    private static readonly Option<string?> Kind =
        new Option<string?>("--kind") { Description = "The kind of all ticks", HelpName = "quote|trade" }
            .AcceptOnlyFromAmong("quote", "trade");

    private static readonly Option<string?> Market = new Option<string?>("--market")
    {
        Description = "The market of all symbols, by default derived from their names",
        HelpName = "stock|option|forex|crypto",
    }.AcceptOnlyFromAmong("stock", "option", "forex", "crypto");

    private static readonly Option<string?> TimeUnit = new Option<string?>("--time-unit")
    {
        Description = "The unit of Unix times, by default derived from their size",
        HelpName = "s|ms|us|ns",
    }.AcceptOnlyFromAmong("s", "ms", "us", "ns");

    private static readonly Option<string?> TimeFormat = new("--time-format")
    {
        Description = "The .NET format of times that are not ISO 8601, such as 'yyyyMMdd HHmmssfff'",
        HelpName = "format",
    };

    private static readonly Option<TimeZoneInfo> TimeZone = new("--time-zone")
    {
        Description = "The time zone of times without one, such as America/New_York",
        HelpName = "name",
        DefaultValueFactory = _ => TimeZoneInfo.Utc,
        CustomParser = ParseZone,
    };

    private static readonly Option<char> Separator = new("--separator")
    {
        Description = "The separator of a CSV's columns: a character, or tab",
        HelpName = "character",
        DefaultValueFactory = _ => ',',
        CustomParser = ParseSeparator,
    };

    private static readonly Option<bool> NoHeader = new("--no-header")
    {
        Description = "The first line of a CSV is a tick, and --map identifies columns by number, starting with 1",
    };

    private static readonly Option<bool> SkipBad = new("--skip-bad") { Description = "Skip lines that are not ticks" };

    private static readonly Option<long> Memory = MemoryOption.Create("Memory limit for sorting", 256L << 20);

    public static Command Create()
    {
        var command = new Command("import", Description)
        {
            Files, Map, Symbol, Kind, Market, TimeUnit, TimeFormat, TimeZone, Separator, NoHeader, SkipBad, HubOptions.DryRun, Memory,
        };
        command.Validators.Add(Check);
        return command.OnLake(
            isChange: true,
            (target, result, stop) => new LakeImportRun(target, Settings(target, result), result.GetValue(Files)!).RunAsync(stop),
            createsFolder: true);
    }

    private static ImportSettings Settings(LakeTarget target, ParseResult result) => new()
    {
        Folder = target.Folder,
        Columns = Pairs(result.GetValue(Map) ?? []).ToDictionary(pair => pair.Field, pair => pair.Column),
        Symbol = result.GetValue(Symbol),
        Kind = TickNames.TryParse(result.GetValue(Kind), out TickKind kind) ? kind : null,
        Market = TickNames.TryParse(result.GetValue(Market), out Market market) ? market : null,
        TimeUnit = result.GetValue(TimeUnit),
        TimeFormat = result.GetValue(TimeFormat),
        TimeZone = result.GetValue(TimeZone)!,
        Separator = result.GetValue(Separator),
        HasHeader = !result.GetValue(NoHeader),
        SkipsInvalidLines = result.GetValue(SkipBad),
        IsDryRun = result.GetValue(HubOptions.DryRun),
        MemoryBytes = result.GetValue(Memory),
    };

    private static void Check(CommandResult result)
    {
        var seen = new HashSet<string>();
        foreach (var token in result.GetResult(Map)?.Tokens ?? [])
        {
            foreach (var (field, _) in Pairs([token.Value]))
            {
                if (!ImportSettings.IsField(field))
                {
                    result.AddError($"--map: '{token.Value}': '{field}' is not a field; use field=column, where field is one of: "
                        + $"{ImportSettings.Fields}.");
                }
                else if (!seen.Add(field))
                {
                    result.AddError($"--map: '{field}' is given twice.");
                }
            }
        }
    }

    private static IEnumerable<(string Field, string Column)> Pairs(IEnumerable<string> texts) =>
        from text in texts
        from part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        let at = part.IndexOf('=', StringComparison.Ordinal)
        select at < 0 ? (part, "") : (part[..at], part[(at + 1)..]);

    private static TimeZoneInfo? ParseZone(ArgumentResult result)
    {
        var name = result.Tokens[0].Value;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            result.AddError($"--time-zone: '{name}': this system has no such zone; use for example America/New_York or UTC.");
        }

        return zone;
    }

    private static char ParseSeparator(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text is "tab" or "\\t")
        {
            return '\t';
        }

        if (text.Length != 1 || !char.IsAscii(text[0]) || char.IsAsciiLetterOrDigit(text[0]) || text[0] is '"' or '.' or '-')
        {
            result.AddError($"--separator: '{text}': it must be the word tab, or one ASCII character such as ; or |, but no letter, digit, "
                + "quotation mark, point or minus sign.");
        }

        return text.Length == 0 ? ',' : text[0];
    }
}
