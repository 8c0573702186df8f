using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CloudTicks.Cli.Completing;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Places;
using CloudTicks.Collection;
using CloudTicks.Collection.Symbols;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.Cli.Streaming;

/// <summary><c>cloudticks stream</c>: runs a collector in the foreground.</summary>
internal static class StreamCommand
{
    private const string Description = """
        Collect live ticks from Polygon.io until Ctrl-C, and send them to the event hub, or to a server over HTTP.

        Set POLYGON_API_KEY to the key of your plan. The event hub is that of ConnectionStrings__eventhubs, else that of the AppHost of
        --data, of this folder, or of the only running AppHost, if it has the same feed, else 127.0.0.1:9092; the command prints it first.
        Every other setting of the collector can be set in the environment (docs/configuration.md), including CLOUDTICKS_HUB_KEY for a
        --db-server that requires a key. Ticks that cannot be delivered are kept on disk, also across restarts. Ctrl-C delivers the
        remaining ticks and prints a summary. Exit code: 0 stopped; 1 failed, the log says why; 2 wrong usage or setting.

        Examples:
          cloudticks stream --symbols AAPL MSFT
          cloudticks stream --symbols EURUSD XAUUSD BTC-USD
          cloudticks stream --types sp-500 --feed both --symbols-per-connection 100
          cloudticks stream --symbols-list my-symbols.yaml --db-server 127.0.0.1:9100 --batch-interval 500ms
          cloudticks stream --market options --symbols SPY --max-expiry-days 7 --option-type call
          cloudticks stream --types crypto-top --redis-url redis://127.0.0.1:6379
          Polygon__Endpoint=ws://127.0.0.1:8100 POLYGON_API_KEY=any cloudticks stream --symbols AAPL     (the simulator)
        """;

    private static readonly Option<string[]> Symbols = new("--symbols")
    {
        Description = "Symbols separated by blanks or commas: AAPL MSFT; with --market options the shares whose contracts are collected",
        HelpName = "name...",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => SymbolText.Split(result.Tokens.Select(token => token.Value)),
        CompletionSources = { CompletedNames.Symbols },
        Validators = { CheckSelection },
    };

    private static readonly Option<string[]> SymbolsList = new("--symbols-list")
    {
        Description = "A YAML file of symbols: a plain list, one under 'symbols:', or several under names",
        HelpName = "file",
        AllowMultipleArgumentsPerToken = true,
        Validators = { CheckSelection },
    };

    private static readonly Option<string[]> Types = new("--types")
    {
        Description = "Named lists: dow-30, nasdaq-100, sp-500, forex-majors, metals, crypto-top, or all",
        HelpName = "list...",
        AllowMultipleArgumentsPerToken = true,
        CompletionSources = { CompletedNames.Lists },
        Validators = { CheckSelection },
    };

    private static readonly Market[] Markets = Enum.GetValues<Market>();

    private static readonly Option<string> MarketName = Choice(
        "--market", "The market: stocks, unless names such as EURUSD or BTC-USD imply another [default: stocks]",
        [.. Markets.Select(market => market.Path())]);

    private static readonly Option<string> Feed = Choice("--feed", "Which ticks to collect [default: quotes]", "quotes", "trades", "both");

    private static readonly Option<int?> MaxExpiryDays = new("--max-expiry-days")
    {
        Description = "Options: contracts that expire within this many days [default: 30]",
        HelpName = "days",
    };

    private static readonly Option<string> OptionType =
        Choice("--option-type", "Options: which contracts to collect [default: both]", "call", "put", "both");

    private static readonly Option<string> DbServer = new("--db-server")
    {
        Description = "Send batches to POST /db_command of this server instead of the event hub; https://host:port for HTTPS",
        HelpName = "host:port",
    };

    private static readonly Option<int?> SymbolsPerConnection = Number(
        "--symbols-per-connection", 100_000, "Symbols per connection, if the plan allows several connections [default: 25]");

    private static readonly Option<int?> MaxConnections = Number(
        "--max-connections", 64, "Number of connections per market that your plan allows [default: 1, or 16 for a feed on this machine]");

    private static readonly Option<TimeSpan?> BatchInterval = new("--batch-interval")
    {
        Description = "How long ticks are batched before they are sent: 1s, 500ms, or a number of seconds [default: 1s]",
        HelpName = "time",
        CustomParser = ParseInterval,
    };

    private static readonly Option<string> LogLevel =
        Choice("--log-level", "Minimum level of the log [default: INFO]", "DEBUG", "INFO", "WARNING", "ERROR");

    private static readonly Option<string> RedisUrl = new("--redis-url")
    {
        Description =
            "Also publish each tick on Redis; put a password into ConnectionStrings__redis, because every user can read command lines",
        HelpName = "redis://[password@]host:port",
    };

    public static Command Create()
    {
        var command = new Command("stream", Description)
        {
            Symbols, SymbolsList, Types, MarketName, Feed, MaxExpiryDays, OptionType, DbServer, SymbolsPerConnection,
            MaxConnections, BatchInterval,
            LogLevel, RedisUrl, HubOptions.Force,
            TargetSystem.Data,
        };
        command.SetAction((result, _) => new StreamRun(Options(result), TimeProvider.System).RunAsync());
        return command;
    }

    private static StreamOptions Options(ParseResult result) => new()
    {
        Symbols = result.GetValue(Symbols) ?? [],
        SymbolFiles = result.GetValue(SymbolsList) ?? [],
        Lists = SymbolText.Split(result.GetValue(Types) ?? []),
        Market = MarketOf(result.GetValue(MarketName)),
        Feed = result.GetValue(Feed),
        Force = result.GetValue(HubOptions.Force),
        MaxExpiryDays = result.GetValue(MaxExpiryDays),
        OptionType = result.GetValue(OptionType),
        DbServer = result.GetValue(DbServer),
        SymbolsPerConnection = result.GetValue(SymbolsPerConnection),
        MaxConnections = result.GetValue(MaxConnections),
        BatchInterval = result.GetValue(BatchInterval),
        LogLevel = result.GetValue(LogLevel)?.ToUpperInvariant(),
        RedisUrl = result.GetValue(RedisUrl),
        DataFolder = result.GetValue(TargetSystem.Data)?.FullName,
    };

    private static Option<int?> Number(string name, int max, string description) => new(name)
    {
        Description = description,
        HelpName = "number",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max)
            {
                return number;
            }

            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: '{text}' is not a whole number from 1 to {max:N0}."));
            return null;
        },
    };

    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', values) };
        option.CompletionSources.Add(values);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !values.Contains(token.Value, StringComparer.OrdinalIgnoreCase))
            {
                result.AddError($"{name}: '{token.Value}' is not one of {string.Join(", ", values)}.");
            }
        });
        return option;
    }

    /// <summary>Checks the selection together with the other options, so that all faults are reported at once.</summary>
    private static void CheckSelection(OptionResult option)
    {
        // Report the fault on the option: a fault of the command would hide the faults of its other options.
        if (option.Parent is not CommandResult result)
        {
            return;
        }

        try
        {
            MarketChoice.Resolve(
                MarketOf(Texts(result, MarketName).FirstOrDefault()), SymbolText.Split(Texts(result, Symbols)), Texts(result, SymbolsList),
                SymbolText.Split(Texts(result, Types)), Environment.GetEnvironmentVariable("Collector__ListFolder"),
                result.GetResult(HubOptions.Force) is { Implicit: false });
        }
        catch (CollectorException fault)
        {
            option.AddError(fault.Message);
        }
    }

    private static Market? MarketOf(string? name) => Array.FindIndex(
        Markets, market => market.Path().Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var found ? Markets[found] : null;

    private static string[] Texts(CommandResult result, Option option) =>
        [.. result.GetResult(option)?.Tokens.Select(token => token.Value) ?? []];

    private static TimeSpan? ParseInterval(ArgumentResult result)
    {
        if (StreamInterval.TryParse(result.Tokens[0].Value, out var interval))
        {
            return interval;
        }

        result.AddError($"--batch-interval: '{result.Tokens[0].Value}' is not a time up to a minute, such as 1s, 500ms or 1.");
        return null;
    }
}
