using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using CloudTicks.Cli.Completing;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Sessions;
using CloudTicks.Ticks.Symbols;
using Symbol = CloudTicks.Ticks.Symbol;

namespace CloudTicks.Cli.Configuring;

/// <summary><c>cloudticks symbols</c>: adds, removes and lists the symbols that the collectors collect.</summary>
internal static class SymbolsCommand
{
    private const string Description = $"""
        Add, remove and list the symbols that the collectors collect.

        The symbols are in the field operational.symbols of polygon-live-collector at the central hub. If the document is changed
        concurrently, the command reads it again and repeats its change. Exit codes are those of cloudticks config.
        {TargetSystem.Rule}

        Examples:
          cloudticks symbols add EURAUD
          cloudticks symbols remove AAPL,MSFT --comment "no more tech"
          cloudticks symbols list --json
        """;

    private static readonly Argument<Symbol[]> Added = Names(CompletedNames.UnselectedSymbols);

    private static readonly Argument<Symbol[]> Removed = Names(CompletedNames.SelectedSymbols);

    public static Command Create() => new("symbols", Description)
    {
        Change("add", "Add symbols.", Added, SymbolsEdit.Add, HubOptions.Force),
        Change("remove", "Remove symbols.", Removed, SymbolsEdit.Remove),
        new Command("list", "List the selection: one symbol per line, then lists, options and rollouts.").OnHub(
            (session, _, cancellationToken) => SymbolsEdit.ListAsync(session, cancellationToken)),
    };

    private static Argument<Symbol[]> Names(Func<CompletionContext, IEnumerable<CompletionItem>> known)
    {
        var names = new Argument<Symbol[]>("symbol")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Symbols separated by blanks or commas: EURUSD, EUR/USD, AAPL, BTC-USD",
            CustomParser = Parse,
        };
        names.CompletionSources.Add(known);
        return names;
    }

    private static Command Change(
        string name, string description, Argument<Symbol[]> names, SymbolsEdit.Edit edit, params Option[] more)
    {
        var command = new Command(name, description) { names, HubOptions.Comment, HubOptions.DryRun };
        Array.ForEach(more, command.Add);
        return command.ChangesHub((session, result, cancellationToken) =>
            SymbolsEdit.ChangeAsync(
                session, result.GetValue(names)!, edit, ConfigChange.Query(result),
                more.Contains(HubOptions.Force) && !result.GetValue(HubOptions.Force) ? new ReferenceLookup(TimeProvider.System) : null,
                cancellationToken));
    }

    private static Symbol[] Parse(ArgumentResult result)
    {
        var symbols = new List<Symbol>();
        foreach (var text in SymbolText.Split(result.Tokens.Select(token => token.Value)))
        {
            if (Symbol.TryParse(text, out var symbol))
            {
                symbols.Add(symbol);
            }
            else
            {
                result.AddError($"'{text}': {Symbol.HintFor(text)}");
            }
        }

        return [.. symbols.Distinct()];
    }
}
