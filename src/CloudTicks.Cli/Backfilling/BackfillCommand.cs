using System.CommandLine;
using System.CommandLine.Parsing;
using CloudTicks.Cli.Completing;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Places;
using CloudTicks.Collection.Gaps;
using CloudTicks.Ticks;
using ServiceDefaults.Clients;
using Symbol = CloudTicks.Ticks.Symbol;

namespace CloudTicks.Cli.Backfilling;

/// <summary><c>cloudticks backfill</c>: has a collector fetch past ticks over REST, and shows the progress.</summary>
internal static class BackfillCommand
{
    private const string Description = $"""
        Fetch past ticks of a symbol over REST into the archive and the table.

        A collector does the work, within its request limit; this command starts the backfill and shows its progress.
        If the collector requires a key, set CLOUDTICKS_HUB_KEY. Ctrl-C ends this command, not the backfill. Ticks that the
        table already has are not stored in it again.
        {TargetSystem.Rule}
        Exit code: 0 all that Polygon has is in the archive; 1 ticks could not be fetched, or the collector refused the request or
        does not answer, standard error says why; 2 wrong usage; 130 stopped by Ctrl-C.

        Examples:
          cloudticks backfill --symbol EURUSD --from 2025-01-27T16:00:00Z --to 2025-01-27T17:00:00Z
          cloudticks backfill --symbol AAPL --kind trade --from 1737993600000 --to 1737997200000 --collector 10.0.0.5:8000 --json
        """;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private static readonly Option<Symbol> SymbolName = new("--symbol")
    {
        Description = "The symbol: EURUSD, EUR/USD, AAPL, BTC-USD, O:SPY251219C00650000",
        Required = true,
        CustomParser = ParseSymbol,
        CompletionSources = { CompletedNames.SelectedSymbols },
    };

    private static readonly Option<long> From = TimeOption("--from", "The start, inclusive: ISO 8601 (UTC if it has no offset) or Unix ms");

    private static readonly Option<long> To = TimeOption("--to", "The end, exclusive, in the same format");

    private static readonly Option<string?> Kind =
        new Option<string?>("--kind") { Description = "quote or trade [default: both]" }
        .AcceptOnlyFromAmong("quote", "trade");

    private static readonly CollectorOption Collector = new(
        "The collector's host and port [default: AppHost's, else 127.0.0.1:8000]", oldName: "--server");

    private static readonly Option<bool> Json =
        new("--json") { Description = "Print the collector's last answer as one line of JSON instead of progress" };

    public static Command Create()
    {
        var command = new Command("backfill", Description) { SymbolName, From, To, Kind, TargetSystem.Data, Json };
        Collector.AddTo(command);
        command.SetAction((result, _) => RunAsync(
            new BackfillRequest(
                result.GetValue(SymbolName)!, result.GetValue(From), result.GetValue(To),
                TickNames.TryParse(result.GetValue(Kind), out TickKind kind) ? kind : null),
            result,
            result.GetValue(Json)));
        return command;
    }

    private static async Task<int> RunAsync(BackfillRequest request, ParseResult result, bool json)
    {
        using var interruption = new Interruption();
        HttpClient http;
        try
        {
            http = Client(result);
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCodes.Usage;
        }

        using var collector = http;
        IBackfillView view = json ? new JsonView(Console.Out) : new ProgressView(Console.Out, Console.IsOutputRedirected);
        return await new BackfillWatch(collector, view, Console.Error, TimeProvider.System).RunAsync(request, interruption.Token);
    }

    private static HttpClient Client(ParseResult result)
    {
        var target = TargetSystem.Of(result, isChange: true);
        var place = target.Collectors(Collector.Read(result), CollectorOption.Name, hub: null)[0];
        target.Announce(("collector", new Place<string>(place.Address.Authority, place.Source, place.Name)));
        return ServiceClients.Create(place.Address, "The collector", ServiceKey.OfEnvironment(), MaxWait);
    }

    private static Option<long> TimeOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        Required = true,
        CustomParser = result =>
        {
            if (!TimeText.TryParse(result.Tokens[0].Value, out var ms))
            {
                result.AddError($"{name}: '{result.Tokens[0].Value}': {TimeText.Hint}");
            }

            return ms;
        },
    };

    private static Symbol? ParseSymbol(ArgumentResult result)
    {
        if (!Symbol.TryParse(result.Tokens[0].Value, out var symbol))
        {
            result.AddError($"--symbol: '{result.Tokens[0].Value}' is not a symbol.");
        }

        return symbol;
    }
}
