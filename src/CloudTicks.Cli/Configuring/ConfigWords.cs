using System.CommandLine;
using System.CommandLine.Completions;
using CloudTicks.CentralHub.Documents;
using CloudTicks.ServiceDocuments;

namespace CloudTicks.Cli.Configuring;

/// <summary>The words of a command behind its name: a service, which may be left out, and the rest.</summary>
/// <param name="Document">The service's document; that of the collectors when none was named.</param>
internal sealed record ConfigWords(ServiceDocument Document, IReadOnlyList<string> Rest)
{
    private static readonly ServiceDocument Collectors = KnownServices.Documents.Find(ServiceNames.Collector)!;

    public string Path => $"api/v1/config/{Document.Service}";

    public static Argument<string[]> Argument(string further, string description, bool withFields = false)
    {
        var argument = new Argument<string[]>("words")
        {
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = $"[service] {further}".Trim(),
            Description = $"The service, {ServiceNames.Collector} when it is left out. {description}".Trim(),
        };
        argument.CompletionSources.Add(context => Completions(context, withFields));
        return argument;
    }

    public static ConfigWords Read(ParseResult result, Argument<string[]> argument)
    {
        var words = result.GetValue(argument) ?? [];
        return words.Length > 0 && KnownServices.Documents.Find(words[0]) is { } named
            ? new ConfigWords(named, words[1..])
            : new ConfigWords(Collectors, words);
    }

    private static IEnumerable<CompletionItem> Completions(CompletionContext context, bool withFields)
    {
        var named = KnownServices.Documents.All.FirstOrDefault(
            document => context.ParseResult.Tokens.Any(token => token.Value == document.Service));
        var fields = withFields ? (named ?? Collectors).OperationalFields : [];
        return (named is null ? KnownServices.Documents.All.Select(document => document.Service) : []).Concat(fields)
            .Select(word => new CompletionItem(word));
    }
}
