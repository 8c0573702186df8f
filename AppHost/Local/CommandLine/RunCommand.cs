using System.CommandLine;
using System.Globalization;
using CloudTicks.AppHost.Local.Lines;
using CloudTicks.Cli.Usage;
using CloudTicks.EventStream.Topics;
using CloudTicks.Ticks.Symbols;
using Symbol = CloudTicks.Ticks.Symbol;

namespace CloudTicks.AppHost.Local.CommandLine;

internal sealed class RunCommand
{
    private const string Examples = """

        Examples (behind 'cloudticks up' or 'dotnet run --project AppHost --'; without options it runs until Ctrl-C):
          --rate 20000 --symbols EURUSD,XAUUSD               more ticks, of two symbols
          --for 30s --json                                   prove in half a minute that no tick is lost
          --replay eurusd-20140508-quotes.zip --speed max    recorded ticks, as fast as they can be taken
          --nats-nodes 3 --data /mnt/big/ticks               a NATS cluster, and the data elsewhere
          --collectors 2 --plain                             two collectors; kill one, and the other has its symbols
          --functions 4 --partitions 96                      four hosts of functions that share 96 partitions
          --plain --log-level WARNING                        lines instead of the live table, only those that matter
          --log-json | jq -c 'select(.level != "INFO")'      lines for programs

        The real feed, by the key of your plan (without one the ticks are simulated):
          POLYGON_API_KEY=... dotnet run --project AppHost -- --symbols EURUSD,AAPL
        Servers of your own in place of those that AppHost starts, any of the three:
          ConnectionStrings__timescale='Host=db;Username=ticks;Password=...;Database=market'
          ConnectionStrings__nats=nats://user:password@nats-1:4222
          ConnectionStrings__eventhubs=kafka-1:9092

        On a terminal AppHost shows a live table, elsewhere it writes the lines. All lines go to apphost.log in the data folder of the feed
        too (at 20 MB it becomes apphost.log.old). Exit code: 0 all well (of a run that ends by itself: every tick arrived), 1 not every
        tick arrived, 2 it could not start, 130 interrupted before the proof.
        """;

    private static readonly Option<TimeSpan?> For = new("--for")
    {
        Description = "Run this long from the first tick, then prove that every tick arrived: 30s, 5m, 1h",
        HelpName = "time",
        CustomParser = result => Duration.Parse(result),
    };

    private static readonly Option<string[]> Replay = new("--replay")
    {
        Description = "Replay recorded ticks (.zip or .csv), end behind the last one, and prove that every tick arrived",
        HelpName = "path...",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> Speed = new("--speed")
    {
        Description = "Pace of a replay: 1, a factor such as 10, or max",
        HelpName = "1|10|max",
        DefaultValueFactory = _ => "1",
    };

    private static readonly Option<string> Timestamps = new("--timestamps")
    {
        Description = "Times of a replay: shifted to now, or kept (then nothing is too old)",
        HelpName = "shifted|kept",
        DefaultValueFactory = _ => "shifted",
    };

    private static readonly Option<int> Rate = new("--rate")
    {
        Description = "Simulated ticks per second, of all symbols together",
        HelpName = "ticks",
        DefaultValueFactory = _ => 5000,
    };

    private static readonly Option<string[]> Symbols = new("--symbols")
    {
        Description =
            "Symbols, blanks or commas between them: EURUSD XAUUSD AAPL (default: the 14 currency pairs and metals, or those of the "
                + "replay); once they were changed by the central hub, its document decides",
        HelpName = "name...",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Take symbols that do not look like one of their market",
    };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "Folder of all data, one folder for each feed below it",
        HelpName = "folder",
        DefaultValueFactory = _ => ".cloudticks",
    };

    private static readonly Option<long?> MaxDisk = new("--max-disk")
    {
        Description =
            "What the folder of simulated ticks may hold: the oldest ticks go first (default: 10GB); the real feed keeps everything",
        HelpName = "size",
        CustomParser = result => DataSize.Parse(result),
    };

    private static readonly Option<int> NatsNodes = new("--nats-nodes")
    {
        Description = "NATS servers: 1, or a cluster of 3",
        HelpName = "1|3",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<int> Collectors = new("--collectors")
    {
        Description = "Collectors that share the symbols, 1 to 8; when one dies, the others have its symbols",
        HelpName = "1-8",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<bool> PrintManifest = new("--print-manifest")
    {
        Description = "Print the composition in the form of Aspire's manifest, and start nothing",
    };

    private static readonly Option<int> Functions = new("--functions")
    {
        Description = "Hosts of the functions that share the partitions, 1 to 8; when one dies, the others have its partitions",
        HelpName = "1-8",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<int> Partitions = new("--partitions")
    {
        Description = "Partitions of the archive, 1 to 1,024, where the data folder has none yet",
        HelpName = "1-1024",
        DefaultValueFactory = _ => ArchiveTopics.ArchivePartitions,
    };

    private static readonly Option<bool> Lake = new("--lake")
    {
        Description = "Write every tick of the archive into Parquet files, in 'lake' of the data folder; --max-disk counts, but keeps them",
    };

    private static readonly Option<bool> Detach = new("--detach")
    {
        Description = "Return when everything runs; 'cloudticks status', 'logs' and 'down' know it then",
        Arity = ArgumentArity.Zero,
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "The report as JSON on the last line of standard output; all else on standard error",
    };

    private static readonly Option<bool> NoColor = new("--no-color")
    {
        Description = "No colours (also NO_COLOR=1)",
    };

    private static readonly Option<bool> Plain = new("--plain")
    {
        Description = "Lines instead of the live table",
    };

    private static readonly Option<string> LogLevel = new("--log-level")
    {
        Description = "Least level of the lines (also LOG_LEVEL)",
        HelpName = string.Join('|', LineLevels.Names),
        DefaultValueFactory = _ => LineDefaults.Level,
    };

    private static readonly Option<bool> LogJson = new("--log-json")
    {
        Description = "The lines as JSON, one object a line (also LOG_JSON=true)",
        DefaultValueFactory = _ => LineDefaults.Json,
    };

    // The run drains on Ctrl-C and SIGTERM by itself, in its own time.
    private static readonly InvocationConfiguration OwnSignals = new() { ProcessTerminationTimeout = null };

    private readonly RootCommand _command;
    private readonly ParseResult _result;
    private readonly IReadOnlyList<string> _faults;
    private readonly string[] _args;

    private RunCommand(RootCommand command, ParseResult result, IReadOnlyList<string> faults, string[] args) =>
        (_command, _result, _faults, _args) = (command, result, faults, args);

    public IReadOnlyDictionary<string, string?> Parameters
    {
        get
        {
            var parameters = new Dictionary<string, string?>();
            if (_faults.Count > 0)
            {
                return parameters;
            }

            var replay = _result.GetValue(Replay) ?? [];
            if (!_result.GetValue(PrintManifest))
            {
                // Of this machine alone.
                parameters["Parameters:data"] = Path.GetFullPath(_result.GetValue(Data)!);
                parameters["Parameters:max-disk"] =
                    (_result.GetValue(MaxDisk) ?? DataSize.DefaultMaxDisk).ToString(CultureInfo.InvariantCulture);
            }

            parameters["Parameters:collectors"] = _result.GetValue(Collectors).ToString(CultureInfo.InvariantCulture);
            parameters["Parameters:functions"] = _result.GetValue(Functions).ToString(CultureInfo.InvariantCulture);
            parameters["Parameters:partitions"] = _result.GetValue(Partitions).ToString(CultureInfo.InvariantCulture);
            if (_result.GetValue(Lake))
            {
                parameters["Parameters:lake"] = "true";
            }

            parameters["Parameters:rate"] = _result.GetValue(Rate).ToString(CultureInfo.InvariantCulture);
            if (_result.GetValue(Symbols) is { Length: > 0 } symbols)
            {
                parameters["Parameters:symbols"] = string.Join(',', SymbolText.Split(symbols));
            }
            else if (replay.Length > 0)
            {
                parameters["Parameters:symbols"] = string.Join(',', replay.Select(RecordedFile.SymbolOf).Distinct());
            }

            if (replay.Length > 0)
            {
                foreach (var (index, path) in replay.Index())
                {
                    parameters[$"Parameters:replay:{index}"] = Path.GetFullPath(path);
                }

                parameters["Parameters:speed"] = _result.GetValue(Speed);
                parameters["Parameters:timestamps"] = _result.GetValue(Timestamps);
                parameters["Parameters:age-check"] = _result.GetValue(Timestamps) == "kept" ? "false" : "true";
            }

            return parameters;
        }
    }

    public static RunCommand Parse(string[] args)
    {
        Rate.Validators.Add(result => Require(result, Rate, rate => rate is >= 1 and <= 10_000_000, "is 1 to 10,000,000 ticks per second"));
        NatsNodes.Validators.Add(result => Require(result, NatsNodes, nodes => nodes is 1 or 3, "is 1 or 3"));
        Collectors.Validators.Add(result => Require(result, Collectors, collectors => collectors is >= 1 and <= 8, "is 1 to 8"));
        Functions.Validators.Add(result => Require(result, Functions, hosts => hosts is >= 1 and <= 8, "is 1 to 8"));
        Partitions.Validators.Add(result => Require(result, Partitions, count => count is >= 1 and <= 1024, "is 1 to 1,024"));
        Timestamps.Validators.Add(result => Require(result, Timestamps, times => times is "shifted" or "kept", "is 'shifted' or 'kept'"));
        Speed.Validators.Add(result => Require(result, Speed, IsSpeed, "is a factor above 0, or 'max'"));
        Replay.Validators.Add(result => Require(
            result, Replay, paths => Array.TrueForAll(paths ?? [], RecordedFile.IsReadable),
            "takes files of recorded ticks (.zip or .csv) that exist"));
        LogLevel.Validators.Add(result => Require(
            result, LogLevel, level => LineLevels.TryParse(level ?? "", out _),
            $"(or LOG_LEVEL) is one of {string.Join(", ", LineLevels.Names)}"));
        Symbols.Validators.Add(RequireSymbols);
        var command = new RootCommand("CloudTicks on this machine: feed, collector, event hub, functions, TimescaleDB and NATS." + Examples)
        {
            For, Replay, Speed, Timestamps, Rate, Symbols, Force, Data, MaxDisk, NatsNodes, Collectors, Functions, Partitions, Lake,
            PrintManifest, Detach, Json, Plain, NoColor, LogLevel, LogJson,
        };
        var result = command.Parse(args, CommandLineFaults.Strict);
        return new RunCommand(command, result, CommandLineFaults.Of(result, args), args);
    }

    public int Invoke(Func<RunOptions, Task<int>> run)
    {
        _command.SetAction((result, _) => run(new RunOptions
        {
            For = result.GetValue(For),
            Replay = result.GetValue(Replay) ?? [],
            DataFolder = Path.GetFullPath(result.GetValue(Data)!),
            MaxDisk = result.GetValue(MaxDisk),
            PrintManifest = result.GetValue(PrintManifest),
            Detached = result.GetValue(Detach) ? [.. _args.Where(arg => arg != Detach.Name)] : null,
            Json = result.GetValue(Json),
            NoColor = result.GetValue(NoColor) || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Plain = result.GetValue(Plain),
            NatsNodes = result.GetValue(NatsNodes),
            Lake = result.GetValue(Lake),
            LogLevel = result.GetValue(LogLevel)!,
            LogJson = result.GetValue(LogJson),
        }));
        return _faults.Count > 0 ? ReportErrors() : _result.InvokeAsync(OwnSignals).GetAwaiter().GetResult();
    }

    private int ReportErrors()
    {
        foreach (var fault in _faults)
        {
            Console.Error.WriteLine(fault);
        }

        Console.Error.WriteLine("See --help.");
        return ExitCodes.CannotStart;
    }

    private static bool IsSpeed(string? speed) =>
        speed == "max"
            || (double.TryParse(speed, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && factor > 0
                && double.IsFinite(factor));

    private static void RequireSymbols(System.CommandLine.Parsing.OptionResult result)
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
            else if (result.GetResult(Force) is not { IdentifierTokenCount: > 0 } && SymbolGrammar.DoubtOf(symbol) is { } doubt)
            {
                result.AddError($"--symbols: '{name}': {doubt} To accept it, add --force.");
            }
        }
    }

    private static void Require<T>(System.CommandLine.Parsing.OptionResult result, Option<T> option, Predicate<T?> isGood, string what)
    {
        // An option that is given twice has no value.
        if (result.Tokens.Count <= option.Arity.MaximumNumberOfValues && !isGood(result.GetValueOrDefault<T>()))
        {
            result.AddError($"{option.Name} {what}.");
        }
    }
}
