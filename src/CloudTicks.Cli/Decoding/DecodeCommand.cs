using System.CommandLine;
using System.CommandLine.Parsing;
using CloudTicks.Cli.Completing;
using CloudTicks.Ticks.Symbols;
using Symbol = CloudTicks.Ticks.Symbol;

namespace CloudTicks.Cli.Decoding;

/// <summary><c>cloudticks decode</c>: reads the output of kcat from a pipe and prints the ticks as JSON.</summary>
internal static class DecodeCommand
{
    private const string Description = """
        Convert records of the topic tick_archive to one line of JSON per tick.

        Standard input is a sequence of records, each as its length (4 bytes, big endian) and its bytes: what kcat
        prints for -f '%R%s'. Exit code: 0 all records were decoded; 1 some were not, standard error says which; 2 wrong usage.

        Examples:
          kcat -b 127.0.0.1:9092 -C -t tick_archive -o beginning -e -q -f '%R%s' | cloudticks decode > ticks.jsonl
          kcat -b 127.0.0.1:9092 -C -t tick_archive -o end -u -q -f '%R%s' | cloudticks decode --symbols EURUSD XAUUSD
          kcat -b 127.0.0.1:9092 -C -t tick_archive -p 7 -o -1 -c 1 -q -f '%R%s' | cloudticks decode --all | head -n 3

        For live ticks, -u makes kcat write each record immediately instead of collecting a full buffer.
        """;

    private static readonly Option<HashSet<Symbol>> Symbols = new("--symbols", "--symbol")
    {
        Description = "Print only ticks of these symbols, separated by blanks or commas: EURUSD BTC-USD AAPL",
        HelpName = "name...",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = ParseSymbols,
        CompletionSources = { CompletedNames.SelectedSymbols },
    };

    private static readonly Option<bool> All = new("--all")
    {
        Description = "Print every field of the tick: market, kind, exchanges, sequence, trade id, conditions, flags, ...",
    };

    private static readonly Option<bool> Gaps = new("--gaps")
    {
        Description = "Also print records that report gaps, one line each: {\"gap\":{...}}; by default they are skipped",
    };

    public static Command Create()
    {
        var command = new Command("decode", Description) { Symbols, All, Gaps };
        command.SetAction(result => Decode(result.GetValue(Symbols), result.GetValue(All), result.GetValue(Gaps)));
        return command;
    }

    private static int Decode(HashSet<Symbol>? symbols, bool all, bool gaps)
    {
        if (!Console.IsInputRedirected)
        {
            Console.Error.WriteLine("decode reads records from a pipe, and standard input is a terminal. See decode --help for examples.");
            return ExitCodes.Usage;
        }

        using var input = Console.OpenStandardInput();
        using var output = StandardOutput.Open();
        return new ArchiveDecoder(symbols, all, gaps, Console.Error).Decode(input, output);
    }

    private static HashSet<Symbol>? ParseSymbols(ArgumentResult result)
    {
        var symbols = new HashSet<Symbol>();
        foreach (var name in SymbolText.Split(result.Tokens.Select(token => token.Value)))
        {
            if (!Symbol.TryParse(name, out var symbol))
            {
                result.AddError($"--symbols: '{name}' is not a symbol.");
                continue;
            }

            symbols.Add(symbol);
        }

        return symbols;
    }
}
