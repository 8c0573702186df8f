using System.CommandLine;
using CloudTicks.Cli.Completing;
using CloudTicks.Cli.Decoding;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Replaying;
using CloudTicks.Ticks;

namespace CloudTicks.Cli.Tailing;

/// <summary><c>cloudticks tail</c>: prints live ticks as lines.</summary>
internal static class TailCommand
{
    private const string Description = $"""
        Follow live ticks on NATS, one line each, until Ctrl-C.

        Symbols are named, or matched by patterns ('BTC-*', 'O:SPY*', '*'). --json prints each tick as it was published. While NATS is down,
        ticks are missed, which standard error reports; the archive has them (cloudticks export).
        {TargetSystem.Rule}
        Exit code: 0 --count ticks were printed, or the reader of the output closed the pipe; 1 NATS does not answer, or the output cannot
        be written to; 2 wrong usage, or a library was not found; 130 stopped.

        Examples:
          cloudticks tail EURUSD
          cloudticks tail AAPL MSFT 'BTC-*' --json | jq .price
          cloudticks tail '*' --count 100 --server 10.0.0.5:4222
        """;

    private static readonly Argument<SymbolFilter> Symbols = new("symbols")
    {
        Description = "Symbols and patterns, separated by blanks or commas",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = TickSelectionOptions.ParseSymbols,
        CompletionSources = { CompletedNames.SelectedSymbols },
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Each tick as the JSON that was published" };

    private static readonly Option<long?> Count = CountOption.Create("End after this number of ticks");

    private static readonly Option<string?> Server = new("--server")
    {
        Description =
            "The NATS server, or an HTTP port of CloudTicks [default: ConnectionStrings__nats, else AppHost's, else 127.0.0.1:4222]",
        HelpName = "host:port",
    };

    public static Command Create()
    {
        var command = new Command("tail", Description) { Symbols, Json, Count, Server, TargetSystem.Data };
        command.SetAction((result, _) => RunAsync(
            result.GetValue(Symbols)!, result.GetValue(Json), result.GetValue(Count) ?? long.MaxValue,
            new NatsSearch(TargetSystem.Of(result, isChange: false), TimeProvider.System), result.GetValue(Server)));
        return command;
    }

    private static async Task<int> RunAsync(SymbolFilter symbols, bool json, long max, NatsSearch search, string? server)
    {
        using var interruption = new Interruption();
        try
        {
            Servers.UseFetchedClientLibraries();
            var found = await search.FindAsync(server, interruption.Token);
            if (found.Note is not null)
            {
                await Console.Error.WriteLineAsync(found.Note);
            }

            await using var live = new LiveTicks(found.Settings, TimeProvider.System);
            await using var output = StandardOutput.Open();
            return await new TailRun(live, symbols, json, max, Console.Error, TimeProvider.System).RunAsync(output, interruption.Token);
        }
        catch (Exception problem) when (problem is FormatException or DllNotFoundException)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return ExitCodes.Usage;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }
}
