using System.CommandLine;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Replaying;
using CloudTicks.Cli.Tailing;
using CloudTicks.Ticks;

namespace CloudTicks.Cli.Watching;

/// <summary><c>cloudticks watch</c>: shows a live board of prices in the terminal.</summary>
internal static class WatchCommand
{
    private const string Description = $"""
        Show a live board: bid, ask, last, change, age, and ticks per second, for each symbol.

        The ticks come live from NATS. --server is a NATS server, or an HTTP port of CloudTicks (7071, 7000, 9100, 8000), which
        reports its NATS server. If it reports none, the command uses port 4222 of that host, and the board shows a note. The
        change is measured from when the board was opened.
        If standard output is not a terminal, or with --count, the board is printed as text, once a second.
        {TargetSystem.Rule}
        Exit code: 0 ended by q, by --count, or by the reader of the output; 1 NATS does not answer; 2 wrong usage, or a library was not
        found; 130 Ctrl-C.

        Examples:
          cloudticks watch --symbols AAPL MSFT --server 127.0.0.1:4222
          cloudticks watch --symbols EURUSD XAUUSD 'BTC-*'
          cloudticks watch --count 1 --server 127.0.0.1:7071
        """;

    private static readonly Option<SymbolFilter> Symbols =
        TickSelectionOptions.SymbolOption("The symbols, separated by blanks or commas; also patterns such as 'BTC-*' [default: all]");

    private static readonly Option<string?> Server = new("--server", "--db-server")
    {
        Description = "The server [default: ConnectionStrings__nats, else AppHost's, else 127.0.0.1:4222]",
        HelpName = "host:port",
    };

    private static readonly Option<long?> Count = CountOption.Create("Print the board as text this number of times, then end");

    public static Command Create()
    {
        var command = new Command("watch", Description) { Symbols, Server, TargetSystem.Data, Count };
        command.SetAction((result, _) => RunAsync(
            result.GetValue(Symbols)
                ?? SymbolFilter.All, new NatsSearch(TargetSystem.Of(result, isChange: false), TimeProvider.System), result.GetValue(Server),
            result.GetValue(Count)));
        return command;
    }

    private static async Task<int> RunAsync(SymbolFilter symbols, NatsSearch search, string? server, long? max)
    {
        using var interruption = new Interruption();
        try
        {
            Servers.UseFetchedClientLibraries();
            var address = await search.FindAsync(server, interruption.Token);
            await using var live = new LiveTicks(address.Settings, TimeProvider.System);
            return await new WatchRun(live, symbols, address.Note, TimeProvider.System).RunAsync(max, Console.Error, interruption.Token);
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
