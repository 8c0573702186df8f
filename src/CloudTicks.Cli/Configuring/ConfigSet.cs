using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sessions;

namespace CloudTicks.Cli.Configuring;

/// <summary><c>cloudticks config set</c>: changes fields with a merge patch.</summary>
internal static class ConfigSet
{
    private const string Description = """
        Change fields of a document. Fields that are not named stay unchanged; a list replaces the old list.

        Write the change as one or more FIELD=VALUE, as FIELD VALUE, or as a JSON merge patch in one argument; - reads a patch from standard
        input. A value is JSON or plain text; a list may be written with commas; null removes the field.

        Examples:
          cloudticks config set rate_limit_per_second=10 feed=quotes
          cloudticks config set symbols=EURUSD,XAUUSD,GBPUSD,EURAUD --dry-run
          cloudticks config set '{"operational":{"lists":["nasdaq-100"]}}' --comment "the tech names"
          cloudticks config set tick-functions retention_days 5
        """;

    private static readonly Argument<string[]> Arguments = ConfigArguments.Argument("field=value...", "The changes.", withFields: true);

    private static readonly Option<string?> IfMatch = new("--if-match")
    {
        Description = "Change the document only if this ETag is still in force (config get --json prints it); else exit with code 3",
        HelpName = "etag",
    };

    public static Command Create() =>
        new Command("set", Description) { Arguments, HubOptions.Comment, HubOptions.DryRun, HubOptions.Force, IfMatch }
            .ChangesHub(RunAsync);

    private static async Task<int> RunAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var args = await ConfigArguments.ReadAsync(session.Hub, result, Arguments, cancellationToken);
        var patch = await ReadAsync(args, cancellationToken);
        var response = await session.Hub.SendAsync(
            HttpMethod.Post, args.Path + ConfigChange.Query(result), patch, result.GetValue(IfMatch), cancellationToken);
        return ConfigChange.Show(session, response);
    }

    private static async Task<JsonObject> ReadAsync(ConfigArguments args, CancellationToken cancellationToken) => args.Rest switch
    {
        [] => throw Usage("Name the change: FIELD=VALUE."),
        ["-"] => Patch(await Console.In.ReadToEndAsync(cancellationToken)),
        [var json] when json.TrimStart().StartsWith('{') => Patch(json),
        [var field, var value] when !field.Contains('=', StringComparison.Ordinal) => Fields(args, [(field, value)]),
        var assignments => Fields(args, assignments.Select(Assignment)),
    };

    private static JsonObject Patch(string json) => DocumentText.TryRead(Encoding.UTF8.GetBytes(json), out var patch, out var fault)
        ? patch : throw Usage($"The patch is invalid. {fault.Detail}");

    private static JsonObject Fields(ConfigArguments args, IEnumerable<(string Field, string Value)> assignments)
    {
        var patch = new JsonObject();
        foreach (var (field, value) in assignments)
        {
            var path = FieldPath.Parse(field, args.Document);
            path.Set(patch, path.ReadValue(value, args.Document));
        }

        return patch;
    }

    private static (string Field, string Value) Assignment(string argument)
    {
        var mark = argument.IndexOf('=', StringComparison.Ordinal);
        return mark > 0 ? (argument[..mark], argument[(mark + 1)..])
            : throw Usage($"'{argument}' is neither FIELD=VALUE nor a service. See --help.");
    }

    private static HubProblemException Usage(string sentence) => new(ExitCodes.Usage, sentence, null);
}
