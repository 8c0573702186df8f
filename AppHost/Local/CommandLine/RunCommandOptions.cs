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
        Description = "How long to run from the first tick (30s, 5m, 1h); then the run stops and proves that every tick arrived",
        HelpName = "time",
        CustomParser = result => Duration.Parse(result),
    };

    public static readonly Option<string[]> Replay = new("--replay")
    {
        Description = "Replay recorded ticks (.zip or .csv), stop after the last tick, and prove that every tick arrived",
        HelpName = "path...",
        AllowMultipleArgumentsPerToken = true,
    };

    public static readonly Option<string> Speed = new("--speed")
    {
        Description = "Speed of a replay: a factor such as 1 or 10, or max",
        HelpName = "1|10|max",
        DefaultValueFactory = _ => "1",
    };

    public static readonly Option<string> Timestamps = new("--timestamps")
    {
        Description = "Timestamps of a replay: shifted to now, or kept (then the table also stores ticks older than its retention window)",
        HelpName = "shifted|kept",
        DefaultValueFactory = _ => "shifted",
    };

    public static readonly Option<int> Rate = new("--rate")
    {
        Description = "Simulated ticks per second, for all symbols together",
        HelpName = "ticks",
        DefaultValueFactory = _ => 5000,
    };

    public static readonly Option<string[]> Symbols = new("--symbols")
    {
        Description =
            "Symbols, separated by blanks or commas: EURUSD XAUUSD AAPL (default: 14 currency pairs and metals, or those of the replay). "
                + "Once the symbols have been changed at the central hub, the hub's document takes precedence",
        HelpName = "name...",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    public static readonly Option<bool> Force = new("--force")
    {
        Description = "Accept symbols with an unusual name",
    };

    public static readonly Option<string> Data = new("--data")
    {
        Description = "Folder of all data, with a subfolder for each feed",
        HelpName = "folder",
        DefaultValueFactory = _ => ".cloudticks",
    };

    public static readonly Option<long?> MaxDisk = new("--max-disk")
    {
        Description =
            "Maximum size of the folder of simulated ticks; the oldest are dropped (default: 10GB). Not allowed with the real feed",
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
        Description = "Collectors that share the symbols, 1 to 8; if one fails, the others take over its symbols",
        HelpName = "1-8",
        DefaultValueFactory = _ => 1,
    };

    public static readonly Option<bool> PrintManifest = new("--print-manifest")
    {
        Description = "Print the composition as an Aspire manifest, and start nothing",
    };

    public static readonly Option<int> Functions = new("--functions")
    {
        Description = "Functions hosts that share the partitions, 1 to 8; if one fails, the others take over its partitions",
        HelpName = "1-8",
        DefaultValueFactory = _ => 1,
    };

    public static readonly Option<int> Partitions = new("--partitions")
    {
        Description = "Partitions of a new archive, 1 to 1,024; an existing archive keeps its partitions",
        HelpName = "1-1024",
        DefaultValueFactory = _ => ArchiveTopics.ArchivePartitions,
    };

    public static readonly Option<bool> Lake = new("--lake")
    {
        Description =
            "Also write every tick of the archive to Parquet files, in the data folder's subfolder 'lake'. The files count towards "
                + "--max-disk, but are never deleted because of it",
    };

    public static readonly Option<bool> Detach = new("--detach")
    {
        Description = "Run in the background, and return once everything is running; then use 'cloudticks status', 'logs' and 'down'",
        Arity = ArgumentArity.Zero,
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print the report as JSON on the last line of standard output, and everything else on standard error",
    };

    public static readonly Option<bool> NoColor = new("--no-color")
    {
        Description = "No colours (also NO_COLOR=1)",
    };

    public static readonly Option<bool> Plain = new("--plain")
    {
        Description = "Print log lines instead of the live table",
    };

    public static readonly Option<string> LogLevel = new("--log-level")
    {
        Description = "Minimum level of log lines (also LOG_LEVEL)",
        HelpName = string.Join('|', LineLevels.Names),
        DefaultValueFactory = _ => LineDefaults.Level,
    };

    public static readonly Option<bool> LogJson = new("--log-json")
    {
        Description = "Log lines as JSON, one object per line (also LOG_JSON=true)",
        DefaultValueFactory = _ => LineDefaults.Json,
    };

    static RunCommandOptions()
    {
        Rate.Validators.Add(result => Require(
            result, Rate, rate => rate is >= 1 and <= 10_000_000, "must be between 1 and 10,000,000 ticks per second"));
        NatsNodes.Validators.Add(result => Require(result, NatsNodes, nodes => nodes is 1 or 3, "must be 1 or 3"));
        Collectors.Validators.Add(result => Require(result, Collectors, count => count is >= 1 and <= 8, "must be between 1 and 8"));
        Functions.Validators.Add(result => Require(result, Functions, hosts => hosts is >= 1 and <= 8, "must be between 1 and 8"));
        Partitions.Validators.Add(result => Require(result, Partitions, count => count is >= 1 and <= 1024, "must be between 1 and 1,024"));
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
            result.AddError("--symbols names no symbol: omit it for the default symbols.");
        }

        foreach (var name in names)
        {
            if (!Symbol.TryParse(name, out var symbol))
            {
                result.AddError($"--symbols: '{name}': {Symbol.HintFor(name)}");
            }
            else if (result.GetResult(Force) is not { IdentifierTokenCount: > 0 } && SymbolGrammar.WarningOf(symbol) is { } doubt)
            {
                result.AddError($"--symbols: '{name}': {doubt} To accept the symbol as written, add --force.");
            }
        }
    }

    private static void Require<T>(OptionResult result, Option<T> option, Predicate<T?> isGood, string what)
    {
        // The parser itself reports an option that is given too often; its value cannot be read.
        if (result.Tokens.Count <= option.Arity.MaximumNumberOfValues && !isGood(result.GetValueOrDefault<T>()))
        {
            result.AddError($"{option.Name} {what}.");
        }
    }
}
