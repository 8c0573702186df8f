using System.CommandLine;
using System.Globalization;
using CloudTicks.Cli.Usage;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.AppHost.Local.CommandLine;

internal sealed class RunCommand
{
    private const string Examples = """

        Examples (after 'cloudticks up' or 'dotnet run --project AppHost --'; without options it runs until Ctrl-C):
          --rate 20000 --symbols EURUSD,XAUUSD               more ticks, of two symbols
          --for 30s --json                                   prove in half a minute that no tick is lost
          --replay eurusd-20140508-quotes.zip --speed max    recorded ticks, as fast as the system can process them
          --nats-nodes 3 --data /mnt/big/ticks               a NATS cluster, and the data elsewhere
          --collectors 2 --plain                             two collectors; kill one, and the other takes over its symbols
          --functions 4 --partitions 96                      four hosts of functions that share 96 partitions
          --plain --log-level WARNING                        warnings and errors instead of the live table
          --log-json | jq -c 'select(.level != "INFO")'      lines for programs

        The real feed, with the key of your plan (without a key the ticks are simulated):
          POLYGON_API_KEY=... dotnet run --project AppHost -- --symbols EURUSD,AAPL
        Your own servers instead of those that AppHost starts, any of the three:
          ConnectionStrings__timescale='Host=db;Username=ticks;Password=...;Database=market'
          ConnectionStrings__nats=nats://user:password@nats-1:4222
          ConnectionStrings__eventhubs=kafka-1:9092

        On a terminal AppHost shows a live table, elsewhere it writes log lines. All lines are also written to apphost.log in the feed's
        data folder (at 20 MB it becomes apphost.log.old). Exit code: 0 all well (if the run ends by itself: every tick arrived), 1 not
        every tick arrived, 2 AppHost could not start or the run failed, 130 interrupted before the proof was complete (with --detach:
        before everything was running).
        """;

    // The run handles Ctrl-C and SIGTERM itself, because the parser would limit the time to drain.
    private static readonly InvocationConfiguration WithoutSignalHandling = new() { ProcessTerminationTimeout = null };

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

            var replay = _result.GetValue(RunCommandOptions.Replay) ?? [];
            if (!_result.GetValue(RunCommandOptions.PrintManifest))
            {
                // The manifest must not contain machine-specific settings.
                parameters["Parameters:data"] = Path.GetFullPath(_result.GetValue(RunCommandOptions.Data)!);
                parameters["Parameters:max-disk"] =
                    (_result.GetValue(RunCommandOptions.MaxDisk) ?? DataSize.DefaultMaxDisk).ToString(CultureInfo.InvariantCulture);
            }

            parameters["Parameters:collectors"] = _result.GetValue(RunCommandOptions.Collectors).ToString(CultureInfo.InvariantCulture);
            parameters["Parameters:functions"] = _result.GetValue(RunCommandOptions.Functions).ToString(CultureInfo.InvariantCulture);
            parameters["Parameters:partitions"] = _result.GetValue(RunCommandOptions.Partitions).ToString(CultureInfo.InvariantCulture);
            if (_result.GetValue(RunCommandOptions.Lake))
            {
                parameters["Parameters:lake"] = "true";
            }

            parameters["Parameters:rate"] = _result.GetValue(RunCommandOptions.Rate).ToString(CultureInfo.InvariantCulture);
            if (_result.GetValue(RunCommandOptions.Symbols) is { Length: > 0 } symbols)
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

                parameters["Parameters:speed"] = _result.GetValue(RunCommandOptions.Speed);
                parameters["Parameters:timestamps"] = _result.GetValue(RunCommandOptions.Timestamps);
                parameters["Parameters:age-check"] = _result.GetValue(RunCommandOptions.Timestamps) == "kept" ? "false" : "true";
            }

            return parameters;
        }
    }

    public static RunCommand Parse(string[] args)
    {
        var command = new RootCommand(
            "CloudTicks on this machine: feed, collector, event hub, functions, TimescaleDB and NATS." + Examples);
        RunCommandOptions.AddTo(command);
        var result = command.Parse(args, CommandLineFaults.Strict);
        return new RunCommand(command, result, CommandLineFaults.Of(result, args), args);
    }

    public int Invoke(Func<RunOptions, Task<int>> run)
    {
        _command.SetAction((result, _) => run(new RunOptions
        {
            For = result.GetValue(RunCommandOptions.For),
            Replay = result.GetValue(RunCommandOptions.Replay) ?? [],
            DataFolder = Path.GetFullPath(result.GetValue(RunCommandOptions.Data)!),
            MaxDisk = result.GetValue(RunCommandOptions.MaxDisk),
            PrintManifest = result.GetValue(RunCommandOptions.PrintManifest),
            DetachedArgs = result.GetValue(RunCommandOptions.Detach) ? [.. _args.Where(arg => arg != RunCommandOptions.Detach.Name)] : null,
            Json = result.GetValue(RunCommandOptions.Json),
            NoColor = result.GetValue(RunCommandOptions.NoColor) || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Plain = result.GetValue(RunCommandOptions.Plain),
            NatsNodes = result.GetValue(RunCommandOptions.NatsNodes),
            Lake = result.GetValue(RunCommandOptions.Lake),
            LogLevel = result.GetValue(RunCommandOptions.LogLevel)!,
            LogJson = result.GetValue(RunCommandOptions.LogJson),
        }));
        return _faults.Count > 0 ? ReportErrors() : _result.InvokeAsync(WithoutSignalHandling).GetAwaiter().GetResult();
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
}
