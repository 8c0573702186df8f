using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Completing;
using CloudTicks.Cli.Configuring;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Sessions;
using CloudTicks.ServiceDocuments;

namespace CloudTicks.Cli.Rollouts;

/// <summary><c>cloudticks rollout</c>: turns on the symbols of a list step by step with a feature flag.</summary>
internal static class RolloutCommand
{
    private const string Root = "api/v1/rollouts";

    private const string Description = $"""
        Show and change the rollouts of symbols: a feature flag turns on a percentage of a named list, always the same symbols.

        A larger percentage keeps every symbol that is already on. Exit codes are those of cloudticks config; 3 also means that the rollout
        does not allow the change, for example a rollback when no symbol is on.
        {TargetSystem.Rule}

        Examples:
          cloudticks rollout list
          cloudticks rollout list nasdaq
          cloudticks rollout set nasdaq 25 --comment "a quarter for the night"
          cloudticks rollout pause nasdaq
          cloudticks rollout rollback nasdaq
        """;

    private static readonly Argument<string> Flag =
        new("flag") { Description = "The flag's id in the document", CompletionSources = { Flags } };

    private static readonly Argument<string?> FlagFilter =
        new("flag") { Description = "Show only this flag and its symbols", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { Flags } };

    private static readonly Option<string?> Service = new("--service")
    {
        Description = "The registered service that owns the flags; only the collector's flags turn on symbols [default: the collector]",
        HelpName = "service",
        CompletionSources = { CompletedNames.RegisteredServices },
    };

    private static readonly Argument<double> Percentage = new("percentage")
    {
        Description = "The percentage of the list to turn on, 0 to 100",
        CustomParser = result =>
            double.TryParse(result.Tokens[0].Value.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var percentage)
            && percentage is >= 0 and <= 100
            ? percentage
            : Refuse(result),
    };

    public static Command Create() => new("rollout", Description)
    {
        new Command("list", "List the rollouts: percentage, symbols that are on, guard and last step.")
        {
            FlagFilter, Service,
        }.OnHub(
            async (session, result, cancellationToken) =>
                RolloutList.Show(
                    session, await session.Hub.GetAsync(Root + ServiceQuery(result, '?'), cancellationToken), result.GetValue(FlagFilter))),
        new Command("set", "Turn on a part of the list.") { Flag, Percentage, Service, HubOptions.Comment, HubOptions.DryRun }.ChangesHub(
            (session, result, cancellationToken) =>
            ChangeAsync(session, result, "", new JsonObject { ["percentage"] = result.GetValue(Percentage) }, cancellationToken)),
        Step("pause", "Turn the whole list off; the percentage is kept."),
        Step("resume", "Turn on what a pause turned off."),
        Step("rollback", "Undo the last step that turned on symbols."),
    };

    private static Command Step(string name, string description) =>
        new Command(name, description) { Flag, Service, HubOptions.Comment, HubOptions.DryRun }.ChangesHub(
        (session, result, cancellationToken) => ChangeAsync(session, result, $"/{name}", null, cancellationToken));

    private static async Task<int> ChangeAsync(
        HubSession session, ParseResult result, string step, JsonObject? body, CancellationToken cancellationToken)
    {
        var query = ConfigChange.Query(result);
        query += ServiceQuery(result, query.Length > 0 ? '&' : '?');
        var path = $"{Root}/{Uri.EscapeDataString(result.GetRequiredValue(Flag))}{step}{query}";
        return ConfigChange.Show(session, await session.Hub.SendAsync(HttpMethod.Post, path, body, null, cancellationToken));
    }

    private static IEnumerable<CompletionItem> Flags(CompletionContext context) =>
        CompletedNames.Flags(context, context.ParseResult.GetValue(Service) ?? ServiceNames.Collector);

    private static string ServiceQuery(ParseResult result, char mark) =>
        result.GetValue(Service) is { } service ? $"{mark}service={Uri.EscapeDataString(service)}" : "";

    private static double Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"'{result.Tokens[0].Value}' is not a percentage: use a number from 0 to 100.");
        return 0;
    }
}
