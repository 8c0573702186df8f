using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CloudTicks.AppHost.Local.Lines;
using CloudTicks.EventStream.Topics;
using CloudTicks.Ticks.Symbols;
using Symbol = CloudTicks.Ticks.Symbol;

namespace CloudTicks.AppHost.Local.CommandLine;

/// <summary>The options of a local run: their help, defaults and ranges.</summary>
internal static class RunCommandOptions
{
    public static readonly Option<TimeSpan?> For = new("--for")
    {
        Description = "Run this long from the first tick, then prove that every tick arrived: 30s, 5m, 1h",
        HelpName = "time",
        CustomParser = result => Duration.Parse(result),
    };

    public static readonly Option<string[]> Replay = new("--replay")
    {
        Description = "Replay recorded ticks (.zip or .csv), end behind the last one, and prove that every tick arrived",
        HelpName = "path...",
        AllowMultipleArgumentsPerToken = true,
    };

    public static readonly Option<string> Speed = new("--speed")
    {
        Description = "Pace of a replay: 1, a factor such as 10, or max",
        HelpName = "1|10|max",
        DefaultValueFactory = _ => "1",
    };

    public static readonly Option<string> Timestamps = new("--timestamps")
    {
        Description = "Times of a replay: shifted to now, or kept (then nothing is too old)",
        HelpName = "shifted|kept",
        DefaultValueFactory = _ => "shifted",
    };

    public static readonly Option<int> Rate = new("--rate")
    {
        Description = "Simulated ticks per second, of all symbols together",
        HelpName = "ticks",
        DefaultValueFactory = _ => 5000,
    };

    public static readonly Option<string[]> Symbols = new("--symbols")
    {
        Description =
            "Symbols, blanks or commas between them: EURUSD XAUUSD AAPL (default: the 14 currency pairs and metals, or those of the "
                + "replay); once they were changed by the central hub, its document decides",
        HelpName = "name...",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    public static readonly Option<bool> Force = new("--force")
    {
        Description = "Take symbols that do not look like one of their market",
    };

    public static readonly Option<string> Data = new("--data")
    {
        Description = "Folder of all data, one folder for each feed below it",
        HelpName = "folder",
        DefaultValueFactory = _ => ".cloudticks",
    };

    public static readonly Option<long?> MaxDisk = new("--max-disk")
    {
        Description =
            "What the folder of simulated ticks may hold: the oldest ticks go first (default: 10GB); the real feed keeps everything",
        HelpName = "size",
        CustomParser = result => DataSize.Parse(result),
    };

    public static readonly Option<int> NatsNodes = new("--nats-nodes")
    {
        Description = "NATS servers: 1, or a cluster of 3",
        HelpName = "1|3",
        DefaultValueFactory = _ => 1,
    };

    public static readonly Option<int> Collectors = new("--collectors")
    {
        Description = "Collectors that share the symbols, 1 to 8; when one dies, the others have its symbols",
        HelpName = "1-8",
        DefaultValueFactory = _ => 1,
    };

    public static readonly Option<bool> PrintManifest = new("--print-manifest")
    {
        Description = "Print the composition in the form of Aspire's manifest, and start nothing",
    };

    public static readonly Option<int> Functions = new("--functions")
    {
        Description = "Hosts of the functions that share the partitions, 1 to 8; when one dies, the others have its partitions",
        HelpName = "1-8",
        DefaultValueFactory = _ => 1,
    };

    public static readonly Option<int> Partitions = new("--partitions")
    {
        Description = "Partitions of the archive, 1 to 1,024, where the data folder has none yet",
        HelpName = "1-1024",
        DefaultValueFactory = _ => ArchiveTopics.ArchivePartitions,
    };

    public static readonly Option<bool> Lake = new("--lake")
    {
        Description = "Write every tick of the archive into Parquet files, in 'lake' of the data folder; --max-disk counts, but keeps them",
    };

    public static readonly Option<bool> Detach = new("--detach")
    {
        Description = "Return when everything runs; 'cloudticks status', 'logs' and 'down' know it then",
        Arity = ArgumentArity.Zero,
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "The report as JSON on the last line of standard output; all else on standard error",
    };

    public static readonly Option<bool> NoColor = new("--no-color")
    {
        Description = "No colours (also NO_COLOR=1)",
    };

    public static readonly Option<bool> Plain = new("--plain")
    {
        Description = "Lines instead of the live table",
    };

    public static readonly Option<string> LogLevel = new("--log-level")
    {
        Description = "Minimum level of the lines (also LOG_LEVEL)",
        HelpName = string.Join('|', LineLevels.Names),
        DefaultValueFactory = _ => LineDefaults.Level,
    };

    public static readonly Option<bool> LogJson = new("--log-json")
    {
        Description = "The lines as JSON, one object a line (also LOG_JSON=true)",
        DefaultValueFactory = _ => LineDefaults.Json,
    };

    static RunCommandOptions()
    {
        Rate.Validators.Add(result => Require(
            result, Rate, rate => rate is >= 1 and <= 10_000_000, "must be 1 to 10,000,000 ticks per second"));
        NatsNodes.Validators.Add(result => Require(result, NatsNodes, nodes => nodes is 1 or 3, "must be 1 or 3"));
        Collectors.Validators.Add(result => Require(result, Collectors, collectors => collectors is >= 1 and <= 8, "must be 1 to 8"));
        Functions.Validators.Add(result => Require(result, Functions, hosts => hosts is >= 1 and <= 8, "must be 1 to 8"));
        Partitions.Validators.Add(result => Require(result, Partitions, count => count is >= 1 and <= 1024, "must be 1 to 1,024"));
        Timestamps.Validators.Add(result => Require(
            result, Timestamps, times => times is "shifted" or "kept", "must be 'shifted' or 'kept'"));
        Speed.Validators.Add(result => Require(result, Speed, IsSpeed, "must be a factor above 0, or 'max'"));
        Replay.Validators.Add(result => Require(
            result, Replay, paths => Array.TrueForAll(paths ?? [], RecordedFile.IsReadable),
            "must name existing files of recorded ticks (.zip or .csv)"));
        LogLevel.Validators.Add(result => Require(
            result, LogLevel, level => LineLevels.TryParse(level ?? "", out _),
            $"(or LOG_LEVEL) must be one of {string.Join(", ", LineLevels.Names)}"));
        Symbols.Validators.Add(RequireSymbols);
    }

    public static void AddTo(RootCommand command)
    {
        Option[] options =
        [
            For, Replay, Speed, Timestamps, Rate, Symbols, Force, Data, MaxDisk, NatsNodes, Collectors, Functions, Partitions, Lake,
            PrintManifest, Detach, Json, Plain, NoColor, LogLevel, LogJson,
        ];
        foreach (var option in options)
        {
            command.Add(option);
        }
    }

    private static bool IsSpeed(string? speed) =>
        speed == "max"
            || (double.TryParse(speed, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && factor > 0
                && double.IsFinite(factor));

    private static void RequireSymbols(OptionResult result)
    {
        var names = SymbolText.Split(result.Tokens.Select(token => token.Value));
        if (result.Tokens.Count > 0 && names.Length == 0)
        {
            result.AddError("--symbols names no symbol: leave it out for the usual ones.");
        }

        foreach (var name in names)
        {
            if (!Symbol.TryParse(name, out var symbol))
            {
                result.AddError($"--symbols: '{name}': {Symbol.HintFor(name)}");
            }
            else if (result.GetResult(Force) is not { IdentifierTokenCount: > 0 } && SymbolGrammar.WarningOf(symbol) is { } doubt)
            {
                result.AddError($"--symbols: '{name}': {doubt} To accept it, add --force.");
            }
        }
    }

    private static void Require<T>(OptionResult result, Option<T> option, Predicate<T?> isGood, string what)
    {
        // An option that is given twice cannot be read.
        if (result.Tokens.Count <= option.Arity.MaximumNumberOfValues && !isGood(result.GetValueOrDefault<T>()))
        {
            result.AddError($"{option.Name} {what}.");
        }
    }
}
