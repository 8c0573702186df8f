using System.CommandLine;
using System.CommandLine.Completions;
using CloudTicks.CentralHub.Documents;
using CloudTicks.Cli.Completing;
using CloudTicks.Cli.Hub;
using CloudTicks.ServiceDocuments;

namespace CloudTicks.Cli.Configuring;

/// <summary>The arguments of a command: an optional service, and the rest.</summary>
/// <param name="Document">The service's document; by default that of the collectors.</param>
internal sealed record ConfigArguments(ServiceDocument Document, IReadOnlyList<string> Rest)
{
    private static readonly ServiceDocument CollectorDocument = KnownServices.Documents.Find(ServiceNames.Collector)!;

    public string Path => $"api/v1/config/{Document.Service}";

    public static Argument<string[]> Argument(string further, string description, bool withFields = false)
    {
        var argument = new Argument<string[]>("words")
        {
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = $"[service] {further}".Trim(),
            Description = $"The service, {ServiceNames.Collector} by default. {description}".Trim(),
        };
        argument.CompletionSources.Add(context => CompletedNames.Items(context, Completions(context, withFields)));
        return argument;
    }

    public static ConfigArguments Read(ParseResult result, Argument<string[]> argument)
    {
        var values = result.GetValue(argument) ?? [];
        return values.Length > 0 && KnownServices.Documents.Find(values[0]) is { } named
            ? new ConfigArguments(named, values[1..])
            : new ConfigArguments(CollectorDocument, values);
    }

    /// <summary>Like <see cref="Read"/>, but the first argument may also be a service registered at the hub.</summary>
    /// <exception cref="HubProblemException">The hub refuses or does not answer, or the service's schema is not supported.</exception>
    public static async Task<ConfigArguments> ReadAsync(
        HubClient hub, ParseResult result, Argument<string[]> argument, CancellationToken cancellationToken)
    {
        var values = Read(result, argument);
        return values.Rest.Count > 0 && values.Rest.Count == (result.GetValue(argument) ?? []).Length
            && !CollectorDocument.OperationalFields.Contains(values.Rest[0]) && ServiceRegistration.IsName(values.Rest[0])
            && await RegisteredAsync(hub, values.Rest[0], cancellationToken) is { } registered
            ? new ConfigArguments(registered, [.. values.Rest.Skip(1)])
            : values;
    }

    private static async Task<ServiceDocument?> RegisteredAsync(HubClient hub, string name, CancellationToken cancellationToken)
    {
        try
        {
            var service = (await hub.GetAsync(ServicesCommand.Path(name), cancellationToken)).Object;
            return new ServiceDocument(
                new RegisteredDefinition(name, service["schema"]!.ToJsonString(), service["defaults"]!.ToJsonString()));
        }
        catch (HubProblemException problem) when (problem.ExitCode == ExitCodes.Incomplete)
        {
            // There is no such service: the argument is a field, or a mistake that the command reports.
            return null;
        }
        catch (NotSupportedException unknown)
        {
            throw new HubProblemException(
                ExitCodes.Incomplete, $"The schema of {name} uses a keyword that this program does not support: {unknown.Message}", null);
        }
    }

    private static IEnumerable<string> Completions(CompletionContext context, bool withFields)
    {
        var documents = CompletionCommand.DocumentsOf(context.ParseResult);
        string[] services = [.. documents.Services];
        var named = services.FirstOrDefault(service => context.ParseResult.Tokens.Any(token => token.Value == service));
        return (named is null ? services : [])
            .Concat(withFields ? CompletedNames.Fields(documents, named ?? ServiceNames.Collector, context.WordToComplete) : []);
    }
}
