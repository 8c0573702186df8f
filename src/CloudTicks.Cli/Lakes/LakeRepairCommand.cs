using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CloudTicks.Cli.Hub;
using CloudTicks.Lake.Comparing;
using CloudTicks.Ticks;
using Symbol = CloudTicks.Ticks.Symbol;

namespace CloudTicks.Cli.Lakes;

/// <summary><c>cloudticks lake repair</c>: rewrites hours of the lake from the archive.</summary>
internal static class LakeRepairCommand
{
    private const string Description = """
        Rewrite hours of the lake from the archive.

        Without --hour and --day it compares the lake with the archive first, as 'cloudticks verify --check lake' does, and repairs the
        hours that differ and those of damaged or missing files. Afterwards it compares the repaired days again. It may run while the
        functions are running: they release the lake for that time, and ticks wait in the archive. Imported ticks, and those of records
        that the archive has dropped, stay unchanged if their file can be read.

        Exit code: 0 the lake agrees with the archive, or --dry-run; 1 something could not be read or repaired; 2 wrong usage, or the lake
        or a library was not found; 130 stopped, and the day in progress is unchanged.

        Examples:
          cloudticks lake repair --dry-run
          cloudticks lake repair
          cloudticks lake repair --day 2026-11-21 --kind quote --market forex
          cloudticks lake repair --hour 2026-11-21T06 --symbol EURUSD
        """;

    private const string DayFormat = "yyyy-MM-dd";
    private const string HourFormat = "yyyy-MM-ddTHH";

    private static readonly Option<(DateOnly Date, int Hour)?> Hour = new("--hour")
    {
        Description = "Repair this hour, UTC, whether or not it differs",
        HelpName = HourFormat,
        CustomParser = result => Parse(result, HourFormat, "--hour") is { } time ? (DateOnly.FromDateTime(time), time.Hour) : null,
    };

    private static readonly Option<DateOnly?> Day = new("--day")
    {
        Description = "Repair all hours of this day, UTC, whether or not they differ",
        HelpName = DayFormat,
        CustomParser = result => Parse(result, DayFormat, "--day") is { } time ? DateOnly.FromDateTime(time) : null,
    };

    private static readonly Option<Symbol?> SymbolOption = new("--symbol")
    {
        Description = "Repair only the market of this symbol: a file holds all symbols of a kind and market",
        HelpName = "symbol",
        CustomParser = result =>
        {
            if (Symbol.TryParse(result.Tokens[0].Value, out var symbol))
            {
                return symbol;
            }

            result.AddError($"--symbol: '{result.Tokens[0].Value}' is not a symbol.");
            return null;
        },
    };

    private static readonly Option<TickKind?> Kind =
        Named<TickKind>("--kind", "Repair only quotes or only trades", "quote|trade", TickNames.TryParse);

    private static readonly Option<Market?> MarketOption =
        Named<Market>("--market", "Only this market", "stock|option|forex|crypto", TickNames.TryParse);

    private delegate bool Parser<T>(string text, out T value);

    public static Command Create()
    {
        var command = new Command("repair", Description) { Hour, Day, SymbolOption, Kind, MarketOption, HubOptions.DryRun };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Hour) is not null && result.GetResult(Day) is not null)
            {
                result.AddError("--hour and --day: use only one of the two.");
            }
        });
        return command.OnLake(isChange: true, (target, result, cancellationToken) =>
        {
            var market = result.GetValue(MarketOption) ?? result.GetValue(SymbolOption)?.Market;
            var selection = new LakeSelection { Kind = result.GetValue(Kind), Market = market };
            var hour = result.GetValue(Hour);
            return new RepairRun(target, selection, result.GetValue(HubOptions.DryRun))
                .RunAsync(hour?.Date ?? result.GetValue(Day), hour?.Hour, cancellationToken);
        });
    }

    private static DateTime? Parse(ArgumentResult result, string format, string option)
    {
        var text = result.Tokens[0].Value;
        if (DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time;
        }

        result.AddError($"{option}: '{text}': it must be a UTC time such as {DateTime.UnixEpoch.AddDays(20_778).AddHours(6).ToString(
            format, CultureInfo.InvariantCulture)}.");
        return null;
    }

    private static Option<T?> Named<T>(string name, string description, string names, Parser<T> parse)
        where T : struct => new(name)
        {
            Description = description,
            HelpName = names,
            CustomParser = result =>
            {
                if (parse(result.Tokens[0].Value, out var value))
                {
                    return value;
                }

                result.AddError($"{name}: '{result.Tokens[0].Value}': use {names.Replace("|", " or ", StringComparison.Ordinal)}.");
                return null;
            },
        };
}
